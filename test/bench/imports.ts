/**
 * How long an import takes and how much it holds up the hub: `node test/bench/imports.ts [TWINS [MEMORY_MB]]` (default 100,000, about
 * 23 MB with their relationships). Prints times of the phases and the longest turn of the hub's event loop in each.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isEnded } from '#ontology/import-job.ts';
import { createImportService } from '#subgraphs/assets/imports/service.ts';
import { openStores, startInline, tankModel, tanks } from '../subgraphs/assets/imports-support.ts';
import { contextOf, demo } from '../subgraphs/assets/support.ts';

const count = Number(process.argv[2] ?? 100_000);
const folder = mkdtempSync(join(tmpdir(), 'twinhub-bench-'));
const { config, deps, db } = openStores(folder, { TWINHUB_IMPORT_MEMORY_MB: process.argv[3] ?? '2048' });
const imports = createImportService(config, deps);
const out = (line: string) => void process.stdout.write(`${line}\n`);
try {
  const content = tanks(count);
  out(`${count} twins, ${(Buffer.byteLength(content) / 1e6).toFixed(1)} MB`);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let began = performance.now();
  let state = '';
  const next = (now: string) => {
    if (state) {
      const seconds = ((performance.now() - began) / 1000).toFixed(2);
      out(
        `${state.padEnd(10)} ${seconds} s, longest turn ${(delay.max / 1e6).toFixed(0)} ms, 99 % ${(delay.percentile(99) / 1e6).toFixed(0)} ms`,
      );
    }
    state = now;
    began = performance.now();
    delay.reset();
  };
  const events = imports.progress.subscribe({ capacity: 100_000 });
  const job = await startInline(
    imports,
    [
      { name: 'm', content: tankModel() },
      { name: 't', content },
    ],
    {},
  );
  delay.enable();
  for (;;) {
    const { value } = await events.next();
    if (value && value.state !== state) next(value.state as string);
    if (value && isEnded(value)) break;
  }
  out(JSON.stringify((await imports.get(demo, job.id))?.counts));
  delay.reset();
  began = performance.now();
  await imports.rollBack(contextOf(demo).principal, job.id);
  out(`rolled back in ${((performance.now() - began) / 1000).toFixed(2)} s`);
} finally {
  await imports.close();
  db.close();
  rmSync(folder, { recursive: true, force: true });
}
