import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isHubError } from '#kernel/errors.ts';
import type { TenantId, TwinId } from '#ontology/ids.ts';
import type { TwinFilter, TwinStore } from '#ontology/ports/twin-store.ts';
import { freshTenant, link, model, modelId, smallPlant, twin } from './twin-store-data.ts';
import { ids, idsOf, listIn, plantIn, rejectsWith } from './twin-store-support.ts';

/** The cases of `apply` and `patchProperties`; `opened` gives the store under test. */
export function writeCases(opened: () => TwinStore): void {
  const plant = () => plantIn(opened());
  const list = (tenant: TenantId, filter: TwinFilter) => listIn(opened(), tenant, filter);

  test('apply takes models, twins and relationships in any order and counts them', async () => {
    const tenant = freshTenant();
    assert.deepEqual(await opened().apply(tenant, smallPlant()), { created: 13, changed: 0, equal: 0 });
    const [filler] = await opened().twins(tenant, ids('FL-101'));
    assert.deepEqual(filler, {
      ...twin('FL-101', 'CELL-1', { modelId: modelId('Filler') }),
      tenant,
      revision: 1,
      createdAt: filler?.createdAt,
      updatedAt: filler?.createdAt,
    });
    assert.ok(Math.abs((filler?.createdAt ?? 0) - Date.now()) < 60_000);
  });

  test('apply of the same again changes nothing, not even a revision', async () => {
    const tenant = await plant();
    const before = await opened().twins(tenant, ids('FL-101', 'PLANT-1'));
    assert.deepEqual(await opened().apply(tenant, smallPlant()), { created: 0, changed: 0, equal: 13 });
    assert.deepEqual(await opened().twins(tenant, ids('FL-101', 'PLANT-1')), before);
  });

  test('properties with another order of names are equal', async () => {
    const tenant = await plant();
    const same = twin('CP-101', 'CELL-1', {
      properties: { criticality: 'A', equipmentNumber: '10000101' },
    });
    assert.deepEqual(await opened().apply(tenant, { twins: [same] }), { created: 0, changed: 0, equal: 1 });
  });

  test('apply of a changed twin bumps its revision and keeps its creation time', async () => {
    const tenant = await plant();
    const [before] = await opened().twins(tenant, ids('CP-101'));
    const changed = twin('CP-101', 'CELL-2', { name: 'Capper', modelId: modelId('Machine') });
    assert.deepEqual(await opened().apply(tenant, { twins: [changed] }), {
      created: 0,
      changed: 1,
      equal: 0,
    });
    const [now] = await opened().twins(tenant, ids('CP-101'));
    assert.equal(now?.revision, 2);
    assert.equal(now?.createdAt, before?.createdAt);
    assert.deepEqual(idsOf((await opened().childrenOf(tenant, ids('CELL-1')))[0] ?? []), ['FL-101']);
    assert.deepEqual(idsOf((await opened().childrenOf(tenant, ids('CELL-2')))[0] ?? []), [
      'CP-101',
      'CV-101',
    ]);
    assert.deepEqual(await list(tenant, { modelId: modelId('Machine') }), ['CP-101', 'FL-101']);
  });

  test('apply is all or nothing', async () => {
    const tenant = await plant();
    const changes = {
      models: [model('Extra')],
      twins: [twin('NEW-1', 'CELL-1'), twin('CP-101', 'CELL-2'), twin('NEW-2', 'NOWHERE')],
      relationships: [link('r9', 'NEW-1', 'CP-101')],
    };
    await rejectsWith('NOT_FOUND', opened().apply(tenant, changes), 'NOWHERE');
    assert.deepEqual(await opened().twins(tenant, ids('NEW-1', 'NEW-2')), [null, null]);
    assert.equal((await opened().twins(tenant, ids('CP-101')))[0]?.revision, 1);
    assert.deepEqual(await opened().models(tenant, [modelId('Extra')]), [null]);
  });

  test('a reference to what does not exist is refused and named', async () => {
    const tenant = await plant();
    await rejectsWith(
      'NOT_FOUND',
      opened().apply(tenant, { twins: [twin('X', null, { modelId: modelId('Nope') })] }),
      'Nope',
    );
    await rejectsWith(
      'NOT_FOUND',
      opened().apply(tenant, { relationships: [link('r9', 'FL-101', 'GONE')] }),
      'GONE',
    );
    await rejectsWith(
      'NOT_FOUND',
      opened().apply(tenant, { relationships: [link('r9', 'GONE', 'FL-101')] }),
      'GONE',
    );
  });

  test('a model does not change: other content under its id is refused, equal content is taken', async () => {
    const tenant = await plant();
    const other = model('Asset', [], { displayName: { en: 'Other' } });
    await rejectsWith('ALREADY_EXISTS', opened().apply(tenant, { models: [other] }), 'dtmi:test:Asset;1');
    const reordered = Object.fromEntries(Object.entries(model('Asset')).reverse()) as unknown as ReturnType<
      typeof model
    >;
    assert.deepEqual(await opened().apply(tenant, { models: [reordered] }), {
      created: 0,
      changed: 0,
      equal: 1,
    });
    assert.deepEqual(await opened().models(tenant, [modelId('Asset')]), [model('Asset')]);
  });

  test('one id twice in the changes is taken once when equal and refused when not', async () => {
    const tenant = await plant();
    assert.deepEqual(await opened().apply(tenant, { twins: [twin('D'), twin('D')] }), {
      created: 1,
      changed: 0,
      equal: 0,
    });
    await rejectsWith(
      'INVALID_INPUT',
      opened().apply(tenant, { twins: [twin('E'), twin('E', 'CELL-1')] }),
      'E',
    );
  });

  test('a twin cannot stand below itself, neither directly nor further down', async () => {
    const tenant = await plant();
    await rejectsWith(
      'INVALID_INPUT',
      opened().apply(tenant, { twins: [twin('SELF', 'SELF')] }),
      'below itself',
    );
    await rejectsWith(
      'INVALID_INPUT',
      opened().apply(tenant, { twins: [twin('A', 'B'), twin('B', 'C'), twin('C', 'A')] }),
      'below itself',
    );
    await rejectsWith(
      'INVALID_INPUT',
      opened().apply(tenant, { twins: [twin('PLANT-1', 'FL-101', { kind: 'SITE' })] }),
      'below itself',
    );
    await rejectsWith(
      'INVALID_INPUT',
      opened().apply(tenant, { twins: [twin('PLANT-1', 'N-1'), twin('N-1', 'CV-101')] }),
      'below itself',
    );
    assert.equal((await opened().twins(tenant, ids('PLANT-1')))[0]?.parentId, null);
  });

  test('two twins may swap their places in one go', async () => {
    const tenant = await plant();
    await opened().apply(tenant, { twins: [twin('CP-101', 'FL-101')] });
    await opened().apply(tenant, {
      twins: [twin('CP-101', 'CELL-1'), twin('FL-101', 'CP-101', { modelId: modelId('Filler') })],
    });
    assert.deepEqual(idsOf((await opened().ancestorsOf(tenant, ids('FL-101')))[0] ?? []), [
      'PLANT-1',
      'CELL-1',
      'CP-101',
    ]);
  });

  test('ids and values that cannot be kept are refused', async () => {
    const tenant = await plant();
    await rejectsWith(
      'INVALID_ID',
      opened().apply(tenant, { twins: [twin('OK'), { ...twin('OK'), id: 'no spaces' as TwinId }] }),
    );
    await rejectsWith(
      'INVALID_INPUT',
      opened().apply(tenant, { twins: [twin('OK', null, { properties: { deep: { t: [NaN] } } })] }),
      'properties/deep/t/0',
    );
    await rejectsWith(
      'INVALID_INPUT',
      opened().apply(tenant, { twins: [twin('OK', null, { kind: 'ROBOT' as never })] }),
      'ROBOT',
    );
  });

  test('patchProperties sets, removes, and bumps the revision once', async () => {
    const tenant = await plant();
    const patched = await opened().patchProperties(
      tenant,
      ids('CP-101')[0]!,
      { criticality: null, torque: { unit: 'N.m', limits: [1, 2.5] } },
      1,
    );
    assert.deepEqual(patched.properties, {
      equipmentNumber: '10000101',
      torque: { unit: 'N.m', limits: [1, 2.5] },
    });
    assert.equal(patched.revision, 2);
    assert.deepEqual(await opened().twins(tenant, ids('CP-101')), [patched]);
  });

  test('patchProperties that changes nothing keeps the revision', async () => {
    const tenant = await plant();
    const same = await opened().patchProperties(
      tenant,
      ids('CP-101')[0]!,
      { criticality: 'A', unknown: null },
      null,
    );
    assert.equal(same.revision, 1);
  });

  test('patchProperties refuses another revision than expected, and an unknown twin', async () => {
    const tenant = await plant();
    const [id] = ids('CP-101') as [TwinId];
    await opened().patchProperties(tenant, id, { a: 1 }, 1);
    await rejectsWith('REVISION_CONFLICT', opened().patchProperties(tenant, id, { a: 2 }, 1), 'revision 2');
    await rejectsWith('REVISION_CONFLICT', opened().patchProperties(tenant, id, { a: 1 }, 1));
    await rejectsWith('NOT_FOUND', opened().patchProperties(tenant, ids('GONE')[0]!, { a: 2 }, null), 'GONE');
  });

  test('of concurrent conditional writes one wins, and unconditional ones all count', async () => {
    const tenant = await plant();
    const [id] = ids('CP-101') as [TwinId];
    const writes = [1, 2, 3, 4, 5].map((n) => opened().patchProperties(tenant, id, { winner: n }, 1));
    const outcomes = await Promise.allSettled(writes);
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') assert.ok(isHubError(outcome.reason, 'REVISION_CONFLICT'));
    await Promise.all(
      [1, 2, 3, 4, 5].map((n) => opened().patchProperties(tenant, id, { [`p${n}`]: n }, null)),
    );
    const [now] = await opened().twins(tenant, [id]);
    assert.equal(now?.revision, 7);
    assert.deepEqual(
      [1, 2, 3, 4, 5].map((n) => now?.properties[`p${n}`]),
      [1, 2, 3, 4, 5],
    );
  });
}
