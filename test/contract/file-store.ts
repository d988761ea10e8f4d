/** What every file store promises. */
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { isHubError } from '#kernel/errors.ts';
import { parseTenantId, type TenantId } from '#ontology/ids.ts';
import type { FileContent, FileStore } from '#ontology/ports/file-store.ts';

export interface FileStoreLimits {
  readonly maxFileBytes: number;
  readonly maxTenantBytes: number;
}

/** Opens the store on data that outlives closing. */
export interface FileStoreHarness {
  open(limits?: Partial<FileStoreLimits>): Promise<FileStore>;
  /** Changes the bytes of a content behind the store's back, keeping their number. */
  damage(tenant: TenantId, sha256: string): Promise<void>;
}

export const newTenant = (): TenantId => parseTenantId(`t-${randomUUID()}`);
export const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');
export const bytesOf = (text: string) => new TextEncoder().encode(text);

export async function textOf(content: FileContent | null): Promise<string | null> {
  if (!content) return null;
  const pieces: Uint8Array[] = [];
  for await (const piece of content.bytes) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield bytesOf(text);
}

const limited = (limit: string) => (error: unknown) =>
  isHubError(error, 'LIMIT_EXCEEDED') && error.details['limit'] === limit;

export function fileStoreSuite(name: string, harness: FileStoreHarness): void {
  describe(`${name} as file store`, () => {
    test('a content is found by its SHA-256, also after the store was closed', async () => {
      const tenant = newTenant();
      const first = await harness.open();
      const stored = await first.put(tenant, chunks('the manual ', 'of a ', 'pump'));
      assert.equal(stored.sha256, sha256('the manual of a pump'));
      assert.equal(stored.size, 20);
      await first.close();
      const second = await harness.open();
      assert.deepEqual(await second.find(tenant, stored.sha256), stored);
      assert.equal(await textOf(await second.read(tenant, stored.sha256)), 'the manual of a pump');
      await second.close();
    });

    test('bytes at once and an empty content are stored as well', async () => {
      const store = await harness.open();
      const tenant = newTenant();
      for (const text of ['', 'x', 'ä'.repeat(400_000)]) {
        const stored = await store.put(tenant, bytesOf(text));
        assert.equal(stored.size, bytesOf(text).length);
        assert.equal(await textOf(await store.read(tenant, stored.sha256)), text);
      }
      await store.close();
    });

    test('ranges are clipped to what there is', async () => {
      const store = await harness.open();
      const tenant = newTenant();
      const stored = await store.put(tenant, bytesOf('0123456789'));
      const cases: [number, number, string][] = [
        [0, 4, '0123'],
        [3, 7, '3456'],
        [8, 100, '89'],
        [10, 20, ''],
        [50, 60, ''],
        [5, 2, ''],
      ];
      for (const [start, end, expected] of cases) {
        const content = await store.read(tenant, stored.sha256, { start, end });
        assert.equal(await textOf(content), expected, `${start}-${end}`);
        assert.equal((content?.range.end ?? 0) - (content?.range.start ?? 0), expected.length);
        assert.equal(content?.size, 10);
      }
      await store.close();
    });

    test('a tenant does not see what another one stored, even if it is equal', async () => {
      const store = await harness.open();
      const [one, other] = [newTenant(), newTenant()];
      const stored = await store.put(one, bytesOf('shared by chance'));
      assert.equal(await store.find(other, stored.sha256), null);
      assert.equal(await store.read(other, stored.sha256), null);
      assert.equal(await store.remove(other, stored.sha256), false);
      assert.deepEqual((await store.list(other, { first: 10, after: null })).items, []);
      await store.put(other, bytesOf('shared by chance'));
      assert.equal(await store.remove(other, stored.sha256), true);
      assert.equal(await textOf(await store.read(one, stored.sha256)), 'shared by chance');
      await store.close();
    });

    test('an equal content is stored once', async () => {
      const store = await harness.open();
      const tenant = newTenant();
      const puts = await Promise.all(
        Array.from({ length: 8 }, () => store.put(tenant, chunks('same', ' content'))),
      );
      assert.equal(new Set(puts.map((put) => put.sha256)).size, 1);
      assert.equal(await store.usage(tenant), 12);
      assert.equal((await store.list(tenant, { first: 10, after: null })).items.length, 1);
      await store.close();
    });

    test('what is no SHA-256 names nothing, and no path either', async () => {
      const store = await harness.open();
      const tenant = newTenant();
      const stored = await store.put(tenant, bytesOf('x'));
      for (const name of [
        '',
        '..',
        '../../etc/passwd',
        stored.sha256.toUpperCase(),
        `${stored.sha256}/`,
        '\0',
      ]) {
        assert.equal(await store.find(tenant, name), null, name);
        assert.equal(await store.read(tenant, name), null, name);
        assert.equal(await store.remove(tenant, name), false, name);
      }
      await assert.rejects(
        async () => store.put('../up' as TenantId, bytesOf('x')),
        (error) => isHubError(error, 'INVALID_ID'),
      );
      await store.close();
    });

    test('a content that stops coming, is too large or is another one than announced leaves nothing', async () => {
      const store = await harness.open({ maxFileBytes: 100 });
      const tenant = newTenant();
      const broken = async function* () {
        yield bytesOf('first half');
        throw new Error('the line went down');
      };
      await assert.rejects(store.put(tenant, broken()), /the line went down/);
      await assert.rejects(store.put(tenant, chunks('x'.repeat(60), 'y'.repeat(60))), limited('file'));
      await assert.rejects(store.put(tenant, bytesOf('x'.repeat(20)), { maxBytes: 10 }), limited('file'));
      await assert.rejects(store.put(tenant, bytesOf('x'), { sha256: sha256('y') }), (error) =>
        isHubError(error, 'INVALID_INPUT'),
      );
      assert.deepEqual((await store.list(tenant, { first: 10, after: null })).items, []);
      assert.equal(await store.usage(tenant), 0);
      assert.equal((await store.put(tenant, bytesOf('y'), { sha256: sha256('y') })).size, 1);
      await store.close();
    });

    test('a tenant has no more room than it may, and gets room back', async () => {
      const store = await harness.open({ maxTenantBytes: 100 });
      const [tenant, other] = [newTenant(), newTenant()];
      const first = await store.put(tenant, bytesOf('a'.repeat(60)));
      await assert.rejects(store.put(tenant, bytesOf('b'.repeat(60))), limited('tenant'));
      await store.put(other, bytesOf('b'.repeat(60)));
      await store.put(tenant, bytesOf('a'.repeat(60)));
      assert.equal(await store.usage(tenant), 60);
      await store.remove(tenant, first.sha256);
      await store.put(tenant, bytesOf('b'.repeat(60)));
      assert.equal(await store.usage(tenant), 60);
      await store.close();
      const again = await harness.open({ maxTenantBytes: 100 });
      assert.equal(await again.usage(tenant), 60, 'the sum is found again');
      await assert.rejects(again.put(tenant, bytesOf('c'.repeat(60))), limited('tenant'));
      await again.close();
    });

    test('contents are listed page by page, in order', async () => {
      const store = await harness.open();
      const tenant = newTenant();
      const stored = [];
      for (let i = 0; i < 25; i++) stored.push((await store.put(tenant, bytesOf(`content ${i}`))).sha256);
      const found: string[] = [];
      for (let after: string | null = null; ;) {
        const page: Awaited<ReturnType<FileStore['list']>> = await store.list(tenant, { first: 7, after });
        assert.ok(page.items.length <= 7);
        found.push(...page.items.map((item) => item.sha256));
        if (page.next === null) break;
        after = page.next;
      }
      assert.deepEqual(found, stored.sort());
      await store.close();
    });

    test('a content is removed only when it is older than asked', async () => {
      const store = await harness.open();
      const tenant = newTenant();
      const stored = await store.put(tenant, bytesOf('x'));
      assert.equal(await store.remove(tenant, stored.sha256, stored.storedAt), false);
      assert.equal(await store.remove(tenant, stored.sha256, stored.storedAt + 1), true);
      assert.equal(await store.remove(tenant, stored.sha256), false);
      assert.equal(await store.find(tenant, stored.sha256), null);
      await store.close();
    });

    test('what was changed behind the back of the store is never handed out', async () => {
      const tenant = newTenant();
      const first = await harness.open();
      const stored = await first.put(tenant, bytesOf('the limit is 10 bar'));
      assert.equal(await textOf(await first.read(tenant, stored.sha256)), 'the limit is 10 bar');
      await first.close();
      await harness.damage(tenant, stored.sha256);
      const second = await harness.open();
      for (const range of [undefined, { start: 0, end: 3 }])
        await assert.rejects(second.read(tenant, stored.sha256, range), (error) =>
          isHubError(error, 'STORE_CORRUPT'),
        );
      await second.close();
    });

    test('a reader that leaves early does not hold the content', async () => {
      const store = await harness.open();
      const tenant = newTenant();
      const stored = await store.put(tenant, bytesOf('x'.repeat(2_000_000)));
      const content = await store.read(tenant, stored.sha256);
      assert.ok(content);
      let seen = 0;
      for await (const piece of content.bytes) {
        seen += piece.length;
        break;
      }
      assert.ok(seen > 0 && seen < 2_000_000);
      assert.equal(await store.remove(tenant, stored.sha256), true);
      await store.close();
    });
  });
}
