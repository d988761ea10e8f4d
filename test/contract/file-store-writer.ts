/** Stores contents until it is killed, and tells of each that is stored: `node file-store-writer.ts FOLDER TENANT`. */
import { systemClock } from '#kernel/clock.ts';
import { openFolderFileStore } from '#connectors/file-store/index.ts';
import { parseTenantId } from '#ontology/ids.ts';

const [, , path = '', tenant = ''] = process.argv;
const config = { path, maxFileBytes: 2 ** 24, maxTenantBytes: 2 ** 34 };
const store = await openFolderFileStore(config, { clock: systemClock });

for (let i = 0; ; i++) {
  const { sha256 } = await store.put(parseTenantId(tenant), Buffer.alloc(200_000, `content ${i} `));
  process.send?.(sha256);
}
