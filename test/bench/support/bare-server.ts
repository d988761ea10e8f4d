import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The baseline of recordSamples: takes the same requests, parses the JSON, appends it to a file, waits for the disk,
 * answers. No token, no GraphQL, no check, no index. Sends its URL to its parent and ends with it.
 */
const folder = mkdtempSync(join(tmpdir(), 'twinhub-bench-bare-'));
const file = await open(join(folder, 'samples.jsonl'), 'a');
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { variables } = JSON.parse(Buffer.concat(chunks).toString()) as { variables: { samples: unknown[] } };
  await file.appendFile(`${JSON.stringify(variables.samples)}\n`);
  await file.datasync();
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ data: { recordSamples: { stored: variables.samples.length, errors: [] } } }));
});
server.listen(0, '127.0.0.1', () =>
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`),
);
process.on('disconnect', () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit();
});
