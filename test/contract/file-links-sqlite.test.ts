import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Database } from '#connectors/sqlite/database.ts';
import { SqliteFileLinks } from '#connectors/sqlite/file-links.ts';
import { parseTwinId } from '#ontology/ids.ts';
import type { FileLink } from '#ontology/ports/file-links.ts';
import { newTenant, sha256 } from './file-store.ts';

const links = new SqliteFileLinks(new Database(':memory:'));
const pump = parseTwinId('pump-1');
const page = { first: 100, after: null };

function link(element: string, text: string, twinId = pump): FileLink {
  return {
    twinId,
    element,
    path: `/aasx/files/${text}`,
    sha256: sha256(text),
    size: text.length,
    name: `${element}.pdf`,
    contentType: 'application/pdf',
  };
}

const elementsOf = async (tenant: ReturnType<typeof newTenant>, twinId = pump) =>
  (await links.ofTwin(tenant, twinId, page)).items.map(({ element, sha256: hash }) => [element, hash]);

test('files of a twin are listed by element, page by page', async () => {
  const tenant = newTenant();
  await links.attach(tenant, [link('B.Manual', 'b'), link('A.Manual', 'a'), link('$thumbnail', 't')]);
  await links.attach(tenant, [link('A.Manual', 'a', parseTwinId('pump-2'))]);
  const first = await links.ofTwin(tenant, pump, { first: 2, after: null });
  assert.deepEqual(first, { items: [link('$thumbnail', 't'), link('A.Manual', 'a')], next: 'A.Manual' });
  const second = await links.ofTwin(tenant, pump, { first: 2, after: first.next });
  assert.deepEqual(second, { items: [link('B.Manual', 'b')], next: null });
});

test('a link replaces the one of the same twin and element', async () => {
  const tenant = newTenant();
  await links.attach(tenant, [link('A', 'old')]);
  await links.attach(tenant, [link('A', 'new')]);
  assert.deepEqual((await links.ofTwin(tenant, pump, page)).items, [link('A', 'new')]);
  assert.equal(await links.ofContent(tenant, sha256('old')), null);
  assert.deepEqual(await links.ofContent(tenant, sha256('new')), link('A', 'new'));
});

test('links are removed by twin or by element', async () => {
  const tenant = newTenant();
  await links.attach(tenant, [link('A', 'a'), link('B', 'b'), link('C', 'c')]);
  assert.equal(await links.detach(tenant, pump, ['A', 'no such']), 1);
  assert.deepEqual(await elementsOf(tenant), [
    ['B', sha256('b')],
    ['C', sha256('c')],
  ]);
  assert.equal(await links.detach(tenant, pump), 2);
});

test('tenants have nothing in common', async () => {
  const [one, other] = [newTenant(), newTenant()];
  await links.attach(one, [link('A', 'a')]);
  await links.stage(one, 'job', [link('B', 'b')]);
  assert.deepEqual(await elementsOf(other), []);
  assert.equal(await links.ofContent(other, sha256('a')), null);
  assert.equal(await links.commit(other, 'job'), 0);
  assert.equal(await links.detach(other, pump), 0);
  assert.deepEqual([...(await links.needed(other, [sha256('a'), sha256('b')]))], []);
});

test('what is staged is seen once it is committed, and a repeat does nothing', async () => {
  const tenant = newTenant();
  await links.stage(tenant, 'job', [link('A', 'a')]);
  await links.stage(tenant, 'job', [link('B', 'b')]);
  assert.deepEqual(await elementsOf(tenant), []);
  assert.equal(await links.commit(tenant, 'job'), 2);
  assert.equal((await elementsOf(tenant)).length, 2);
  assert.equal(await links.commit(tenant, 'job'), 0);
});

test('what is discarded is never seen', async () => {
  const tenant = newTenant();
  await links.stage(tenant, 'job', [link('A', 'a')]);
  await links.discard(tenant, 'job');
  assert.equal(await links.commit(tenant, 'job'), 0);
  assert.deepEqual(await elementsOf(tenant), []);
});

test('a commit taken back gives what was there before, but leaves what was changed since', async () => {
  const tenant = newTenant();
  await links.attach(tenant, [link('A', 'old a'), link('B', 'old b')]);
  await links.stage(tenant, 'job', [link('A', 'a'), link('B', 'b'), link('C', 'c')]);
  await links.commit(tenant, 'job');
  await links.attach(tenant, [link('B', 'newest b')]);
  assert.equal(await links.revert(tenant, 'job'), 2);
  assert.deepEqual(await elementsOf(tenant), [
    ['A', sha256('old a')],
    ['B', sha256('newest b')],
  ]);
  assert.equal(await links.revert(tenant, 'job'), 0);
});

test('a content is needed while a link, a staged one or a replaced one names it', async () => {
  const tenant = newTenant();
  const all = ['old', 'new', 'staged', 'other'].map(sha256);
  await links.attach(tenant, [link('A', 'old')]);
  await links.stage(tenant, 'first', [link('A', 'new')]);
  await links.commit(tenant, 'first');
  await links.stage(tenant, 'second', [link('B', 'staged')]);
  assert.deepEqual([...(await links.needed(tenant, all))], all.slice(0, 3));
  await links.discard(tenant, 'second');
  await links.revert(tenant, 'first');
  assert.deepEqual([...(await links.needed(tenant, all))], [sha256('old')]);
});
