import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { isUnavailable } from './sources.ts';
import type { Unavailable } from './sources.ts';

/**
 * A suite that needs a real server: starts it, hands it to `body`, and ends it after the suite. Where the server cannot
 * be had the suite is skipped with the reason; under CI=true it fails. Await it at the top of a test file:
 *
 * ```ts
 * await describeWithService('TwinStore on Neo4j', startNeo4j, (neo4j) => {
 *   test('answers', async () => { ... neo4j.url ... });
 * });
 * ```
 */
export async function describeWithService<S extends { close(): Promise<void> }>(
  name: string,
  start: () => Promise<S | Unavailable>,
  body: (service: S) => void,
  options: { readonly ci?: boolean } = {},
): Promise<void> {
  const { ci = process.env['CI'] === 'true' } = options;
  const service = await start();
  if (!isUnavailable(service)) {
    describe(name, () => {
      after(() => service.close());
      body(service);
    });
  } else {
    // A test of its own either way: a skipped suite without tests would not appear among the skipped.
    describe(name, () => {
      test('has its server', { skip: ci ? false : service.unavailable }, () =>
        assert.fail(service.unavailable),
      );
    });
  }
}
