import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TenantId } from '#ontology/ids.ts';
import type { TwinFilter, TwinStore } from '#ontology/ports/twin-store.ts';
import { freshTenant, link, model, modelId, twin } from './twin-store-data.ts';
import { allPages, ids, idsOf, listIn, plantIn, rejectsWith } from './twin-store-support.ts';

/** The cases of lookups, lists and lineages; `opened` gives the store under test. */
export function readCases(opened: () => TwinStore): void {
  const plant = () => plantIn(opened());
  const list = (tenant: TenantId, filter: TwinFilter) => listIn(opened(), tenant, filter);

  test('lookups answer in the order asked, null for the unknown, repeats included', async () => {
    const tenant = await plant();
    assert.deepEqual(idsOf(await opened().twins(tenant, ids('CV-101', 'GONE', 'FL-101', 'CV-101'))), [
      'CV-101',
      null,
      'FL-101',
      'CV-101',
    ]);
    const models = await opened().models(tenant, [modelId('Named'), modelId('Gone'), modelId('Asset')]);
    assert.deepEqual(idsOf(models), ['dtmi:test:Named;1', null, 'dtmi:test:Asset;1']);
    assert.deepEqual(await opened().twins(tenant, []), []);
    assert.deepEqual(await opened().models(tenant, []), []);
  });

  test('children come ordered by id, ancestors from the site down', async () => {
    const tenant = await plant();
    const children = await opened().childrenOf(tenant, ids('CELL-1', 'GONE', 'PLANT-1', 'CV-101'));
    assert.deepEqual(children.map(idsOf), [['CP-101', 'FL-101'], [], ['CELL-1', 'CELL-2'], []]);
    const ancestors = await opened().ancestorsOf(tenant, ids('FL-101', 'PLANT-1', 'GONE', 'CELL-2'));
    assert.deepEqual(ancestors.map(idsOf), [['PLANT-1', 'CELL-1'], [], [], ['PLANT-1']]);
  });

  test('relationships come ordered by name then id, by either end', async () => {
    const tenant = await plant();
    const out = await opened().relationshipsOf(tenant, ids('FL-101', 'GONE', 'CV-101'), 'out');
    assert.deepEqual(out.map(idsOf), [['r3', 'r1'], [], []]);
    assert.deepEqual(out[0]?.[1], { ...link('r1', 'FL-101', 'CP-101'), tenant });
    assert.deepEqual((await opened().relationshipsOf(tenant, ids('CV-101'), 'in')).map(idsOf), [
      ['r3', 'r2'],
    ]);
  });

  test('a relationship can be redirected', async () => {
    const tenant = await plant();
    assert.deepEqual(await opened().apply(tenant, { relationships: [link('r1', 'CV-101', 'CP-101')] }), {
      created: 0,
      changed: 1,
      equal: 0,
    });
    assert.deepEqual((await opened().relationshipsOf(tenant, ids('FL-101', 'CV-101'), 'out')).map(idsOf), [
      ['r3'],
      ['r1'],
    ]);
    assert.deepEqual((await opened().relationshipsOf(tenant, ids('CP-101'), 'in')).map(idsOf), [['r1']]);
  });

  test('a lineage starts with the model itself and has each base once', async () => {
    const tenant = await plant();
    const lineage = await opened().lineageOf(tenant, [modelId('Filler'), modelId('Gone'), modelId('Asset')]);
    const name = (text: string) => `dtmi:test:${text};1`;
    assert.deepEqual(
      lineage.map((line) => line && idsOf(line)),
      [['Filler', 'Machine', 'Asset', 'Named'].map(name), null, [name('Asset')]],
    );
  });

  test('a base that comes later joins the lineage then', async () => {
    const tenant = freshTenant();
    await opened().apply(tenant, { models: [model('Derived', ['Later'])] });
    assert.deepEqual((await opened().lineageOf(tenant, [modelId('Derived')]))[0]?.length, 1);
    assert.deepEqual(await opened().models(tenant, [modelId('Later')]), [null]);
    assert.deepEqual((await opened().listModels(tenant, { first: 10, after: null })).items.length, 1);
    await opened().apply(tenant, { models: [model('Later')] });
    assert.deepEqual((await opened().lineageOf(tenant, [modelId('Derived')]))[0]?.length, 2);
  });

  test('a filter by model includes the models that extend it', async () => {
    const tenant = await plant();
    assert.deepEqual(await list(tenant, { modelId: modelId('Named') }), ['FL-101']);
    assert.deepEqual(await list(tenant, { modelId: modelId('Asset') }), [
      'CELL-1',
      'CELL-2',
      'CP-101',
      'CV-101',
      'FL-101',
      'PLANT-1',
    ]);
    assert.deepEqual(await list(tenant, { modelId: modelId('Gone') }), []);
  });

  test('filters by kind, parent and text combine', async () => {
    const tenant = await plant();
    assert.deepEqual(await list(tenant, { kinds: ['SITE', 'CELL', 'SITE'] }), [
      'CELL-1',
      'CELL-2',
      'PLANT-1',
    ]);
    assert.deepEqual(await list(tenant, { kinds: [] }), []);
    assert.deepEqual(await list(tenant, { parentId: null }), ['PLANT-1']);
    assert.deepEqual(await list(tenant, { parentId: ids('CELL-1')[0]! }), ['CP-101', 'FL-101']);
    assert.deepEqual(await list(tenant, { text: 'fÜllerei n' }), ['CELL-1']);
    assert.deepEqual(await list(tenant, { text: 'l-101' }), ['FL-101']);
    assert.deepEqual(await list(tenant, { text: '%' }), []);
    assert.deepEqual(
      await list(tenant, {
        parentId: ids('CELL-1')[0]!,
        modelId: modelId('Named'),
        kinds: ['ASSET'],
        text: 'FL',
      }),
      ['FL-101'],
    );
    assert.deepEqual(await list(tenant, { modelId: modelId('Asset'), kinds: ['CELL'] }), [
      'CELL-1',
      'CELL-2',
    ]);
  });

  test('a text is a text, whatever a query language would read into it', async () => {
    const tenant = await plant();
    for (const text of ["' OR '1'='1", '"}) RETURN 1 //', '$tenant', '_', '.*'])
      assert.deepEqual(await list(tenant, { text, parentId: null }), []);
    assert.deepEqual(await opened().twins(tenant, ids("FL-101' OR 1=1 --")), [null]);
    assert.deepEqual(await opened().twins("' OR 1=1 --" as TenantId, ids('FL-101')), [null]);
  });

  test('paging over 1,200 twins gives each once, in order, under every filter', async () => {
    const tenant = freshTenant();
    const many = Array.from({ length: 1200 }, (_, n) =>
      twin(`T-${(n * 7919) % 1200}`, n === 0 ? null : 'T-0', {
        modelId: modelId(n % 2 ? 'Machine' : 'Asset'),
        kind: n % 3 ? 'ASSET' : 'COMPONENT',
      }),
    );
    await opened().apply(tenant, { models: [model('Asset'), model('Machine', ['Asset'])], twins: many });
    const sorted = (filter: (item: (typeof many)[number]) => boolean) =>
      many
        .filter(filter)
        .map(({ id }) => id as string)
        .sort();
    assert.deepEqual(await allPages(opened(), tenant, {}, 100), { found: sorted(() => true), pages: 12 });
    assert.deepEqual(
      (await allPages(opened(), tenant, { modelId: modelId('Asset') }, 77)).found,
      sorted(() => true),
    );
    assert.deepEqual(
      (await allPages(opened(), tenant, { modelId: modelId('Machine') }, 77)).found,
      sorted((item) => item.modelId === modelId('Machine')),
    );
    assert.deepEqual(
      (await allPages(opened(), tenant, { kinds: ['COMPONENT', 'ASSET'] }, 99)).found,
      sorted(() => true),
    );
    assert.deepEqual(
      (await allPages(opened(), tenant, { parentId: ids('T-0')[0]!, kinds: ['COMPONENT'] }, 99)).found,
      sorted((item) => item.kind === 'COMPONENT' && item.parentId !== null),
    );
    assert.equal((await opened().childrenOf(tenant, ids('T-0')))[0]?.length, 1000);
  });

  test('a page has 1 to 500 items and says whether there are more', async () => {
    const tenant = await plant();
    const page = await opened().listTwins(tenant, {}, { first: 6, after: null });
    assert.deepEqual([page.items.length, page.next], [6, null]);
    const first = await opened().listModels(tenant, { first: 3, after: null });
    assert.deepEqual(
      idsOf(first.items),
      ['Asset', 'Filler', 'Machine'].map((name) => `dtmi:test:${name};1`),
    );
    assert.deepEqual(idsOf((await opened().listModels(tenant, { first: 3, after: first.next })).items), [
      'dtmi:test:Named;1',
    ]);
    for (const wrong of [0, 501, 1.5])
      await rejectsWith(
        'INVALID_INPUT',
        opened().listTwins(tenant, {}, { first: wrong, after: null }),
        String(wrong),
      );
  });

  test('a model of an AAS keeps its id and document as they came', async () => {
    const tenant = freshTenant();
    const nameplate = model('https://admin-shell.io/zvei/nameplate/2/0/Nameplate', [], {
      standard: 'AAS',
      standardVersion: '3.0',
      source: { '\u2028"\\': ['\u0000', '🏭', -0.1, 1e21, true, null] },
    });
    await opened().apply(tenant, { models: [nameplate] });
    assert.deepEqual(await opened().models(tenant, [nameplate.id]), [nameplate]);
  });

  test('an import of 3,000 twins is one transaction', async () => {
    const tenant = freshTenant();
    const many = Array.from({ length: 3000 }, (_, n) =>
      twin(`B-${n}`, n < 10 ? null : `B-${Math.floor(n / 10)}`),
    );
    const links = many.slice(1).map(({ id }, n) => link(`l${n}`, id, 'B-0'));
    assert.deepEqual(
      await opened().apply(tenant, { models: [model('Asset')], twins: many, relationships: links }),
      { created: 6000, changed: 0, equal: 0 },
    );
    assert.deepEqual(idsOf((await opened().ancestorsOf(tenant, ids('B-2999')))[0] ?? []), [
      'B-2',
      'B-29',
      'B-299',
    ]);
    assert.equal((await opened().relationshipsOf(tenant, ids('B-0'), 'in'))[0]?.length, 2999);
  });
}
