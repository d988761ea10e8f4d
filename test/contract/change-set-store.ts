import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { isHubError } from '#kernel/errors.ts';
import type { TenantId, TwinId } from '#ontology/ids.ts';
import type { ChangeSetStore, RevertConflict, StagedChanges } from '#ontology/ports/change-set-store.ts';
import type { TwinChanges, TwinStore } from '#ontology/ports/twin-store.ts';
import { link, model, modelId, smallPlant, twin } from './twin-store-data.ts';
import { idsOf, listIn, ids, plantIn, rejectsWith } from './twin-store-support.ts';

/** How the suite gets at the two stores of one engine. */
export interface ChangeSetHarness {
  open(): Promise<{ twins: TwinStore; sets: ChangeSetStore; close(): Promise<void> }>;
}

const staged = (changes: TwinChanges, expected: Record<string, number> = {}): StagedChanges => ({
  ...changes,
  expected: new Map(Object.entries(expected) as [TwinId, number][]),
});

/** Everything of a tenant that a test compares: models, twins without times and revisions, relationships. */
async function contentOf(store: TwinStore, tenant: TenantId): Promise<unknown> {
  const { items } = await store.listTwins(tenant, {}, { first: 500, after: null });
  const links = await store.relationshipsOf(
    tenant,
    items.map(({ id }) => id),
    'out',
  );
  const models = await store.listModels(tenant, { first: 500, after: null });
  return {
    models: models.items,
    twins: items.map(({ revision: _r, updatedAt: _u, createdAt: _c, ...rest }) => rest),
    links,
  };
}

/** What every ChangeSetStore does, whatever engine it belongs to. */
export function changeSetStoreContract(name: string, harness: ChangeSetHarness): void {
  describe(`ChangeSetStore contract: ${name}`, () => {
    let twins: TwinStore;
    let sets: ChangeSetStore;
    let close: () => Promise<void>;
    before(async () => void ({ twins, sets, close } = await harness.open()));
    after(() => close());

    let imports = 0;
    const newOwner = () => `import-${(imports += 1)}`;
    const applied = async (tenant: TenantId, changes: TwinChanges, expected = {}): Promise<string> => {
      const owner = newOwner();
      await sets.stage({ tenant, owner, part: '0' }, staged(changes, expected));
      await sets.commit({ tenant, owner, part: '0' });
      return owner;
    };
    const conflictsOf = async (work: Promise<unknown>): Promise<RevertConflict[]> => {
      let conflicts: RevertConflict[] = [];
      await assert.rejects(work, (error) => {
        if (!isHubError(error, 'REVISION_CONFLICT')) return false;
        conflicts = error.details['conflicts'] as RevertConflict[];
        return true;
      });
      return conflicts;
    };

    test('what is staged in pieces shows nothing until it is committed, and then all of it', async () => {
      const tenant = await plantIn(twins);
      const key = { tenant, owner: newOwner(), part: '000000' };
      await sets.stage(key, staged({ models: [model('Pump', ['Machine'])] }));
      await sets.stage(key, staged({ twins: [twin('P-2', 'P-1'), twin('P-1', 'CELL-1')] }));
      await sets.stage(
        key,
        staged({ twins: [twin('CP-101', 'CELL-1')], relationships: [link('n', 'P-1', 'P-2')] }),
      );
      assert.equal((await listIn(twins, tenant, {})).includes('P-1'), false);
      assert.equal(await sets.applied(tenant, key.owner), null);
      const outcome = await sets.commit(key);
      assert.deepEqual(
        { ...outcome, twins: [...outcome.twins].sort() },
        { created: 4, changed: 0, equal: 1, twins: ['P-1', 'P-2'] },
      );
      assert.deepEqual((await twins.relationshipsOf(tenant, ids('P-1'), 'out')).map(idsOf), [['n']]);
      assert.deepEqual(await sets.applied(tenant, key.owner), { created: 4, changed: 0, equal: 1 });
    });

    test('a set is applied once: again it answers the same and writes nothing', async () => {
      const tenant = await plantIn(twins);
      const key = { tenant, owner: newOwner(), part: '0' };
      await sets.stage(key, staged({ twins: [twin('CP-101', 'CELL-1', { properties: { a: 1 } })] }));
      const first = await sets.commit(key);
      await twins.patchProperties(tenant, ids('CP-101')[0]!, { a: 2 }, null);
      assert.deepEqual(await sets.commit(key), first);
      assert.deepEqual((await twins.twins(tenant, ids('CP-101')))[0]?.properties, { a: 2 });
      await rejectsWith('NOT_FOUND', sets.stage(key, staged({ twins: [twin('X')] })));
    });

    test('a set that breaks a rule, or was planned on another revision, is refused as a whole', async () => {
      const tenant = await plantIn(twins);
      const content = await contentOf(twins, tenant);
      const attempt = async (changes: TwinChanges, expected = {}) => applied(tenant, changes, expected);
      await rejectsWith('NOT_FOUND', attempt({ twins: [twin('A'), twin('B', 'nowhere')] }), 'nowhere');
      await rejectsWith('NOT_FOUND', attempt({ relationships: [link('x', 'CP-101', 'nowhere')] }), 'nowhere');
      await rejectsWith(
        'ALREADY_EXISTS',
        attempt({ models: [model('Asset', [], { displayName: { en: 'Other' } })], twins: [twin('A')] }),
      );
      await rejectsWith('REVISION_CONFLICT', attempt({ twins: [twin('CP-101', 'CELL-2')] }, { 'CP-101': 7 }));
      await rejectsWith('REVISION_CONFLICT', attempt({ twins: [twin('CP-101', 'CELL-2')] }, { 'CP-101': 0 }));
      await rejectsWith('REVISION_CONFLICT', attempt({ twins: [twin('NEW')] }, { NEW: 1 }));
      await rejectsWith(
        'INVALID_INPUT',
        attempt({ twins: [twin('A', 'B'), twin('B', 'A')] }),
        'below itself',
      );
      const circle = twin('PLANT-1', 'CELL-1', { kind: 'SITE' });
      await rejectsWith('INVALID_INPUT', attempt({ twins: [circle] }), 'below itself');
      assert.deepEqual(await contentOf(twins, tenant), content);
    });

    test('taken back, everything is as it was before; once more changes nothing', async () => {
      const tenant = await plantIn(twins);
      const content = await contentOf(twins, tenant);
      const owner = newOwner();
      const stage = (part: string, changes: TwinChanges) =>
        sets.stage({ tenant, owner, part }, staged(changes));
      await stage('1', { models: [model('Pump', ['Machine'])] });
      await stage('2', {
        twins: [
          twin('P-1', 'CELL-1', { modelId: modelId('Pump') }),
          twin('P-2', 'P-1'),
          twin('CP-101', 'P-1', { name: 'Moved', properties: { equipmentNumber: '7' } }),
          twin('CV-101', 'CELL-2'),
        ],
      });
      await stage('3', {
        relationships: [
          link('r1', 'FL-101', 'P-1'),
          link('new', 'P-1', 'P-2'),
          link('r2', 'CP-101', 'CV-101'),
        ],
      });
      for (const part of ['1', '2', '3']) await sets.commit({ tenant, owner, part });
      assert.notDeepEqual(await contentOf(twins, tenant), content);
      const before = (await twins.twins(tenant, ids('CP-101', 'CV-101'))).map((one) => one?.revision);
      assert.deepEqual(before, [2, 1]);
      assert.deepEqual(await sets.revert(tenant, owner), { removed: 4, restored: 2, twins: ['CP-101'] });
      assert.deepEqual(await contentOf(twins, tenant), content);
      const after = (await twins.twins(tenant, ids('CP-101', 'CV-101'))).map((one) => one?.revision);
      assert.deepEqual(after, [3, 1], 'a revision is never used twice');
      assert.equal(await sets.applied(tenant, owner), null);
      assert.deepEqual(await sets.revert(tenant, owner), { removed: 0, restored: 0, twins: [] });
    });

    test('what was changed since keeps an import from being taken back, all of it', async () => {
      const tenant = await plantIn(twins);
      const owner = await applied(tenant, {
        twins: [twin('P-1', 'CELL-1'), twin('CP-101', 'CELL-2')],
        relationships: [link('r1', 'FL-101', 'P-1')],
      });
      await twins.patchProperties(tenant, ids('P-1')[0]!, { a: 1 }, null);
      await twins.apply(tenant, { relationships: [link('r1', 'FL-101', 'CV-101')] });
      const content = await contentOf(twins, tenant);
      const conflicts = await conflictsOf(sets.revert(tenant, owner));
      assert.deepEqual(
        conflicts.map(({ item, id }) => `${item} ${id}`),
        ['TWIN P-1', 'RELATIONSHIP r1'],
      );
      assert.match(conflicts[0]?.reason ?? '', /revision 2/);
      assert.deepEqual(await contentOf(twins, tenant), content);
      assert.notEqual(await sets.applied(tenant, owner), null);
    });

    test('what is used since keeps an import from being taken back, all of it', async () => {
      const tenant = await plantIn(twins);
      const owner = await applied(tenant, {
        models: [model('Pump', ['Machine']), model('Seal')],
        twins: [twin('P-1', 'CELL-1'), twin('P-2', 'CELL-1'), twin('P-3', 'CELL-1')],
      });
      await twins.apply(tenant, {
        models: [
          model('Turbopump', ['Pump']),
          model('Train', [], {
            contents: [
              {
                kind: 'component',
                name: 'seal',
                schema: modelId('Seal'),
                displayName: {},
                description: {},
                declaredBy: modelId('Train'),
              },
            ],
          }),
        ],
        twins: [twin('CHILD', 'P-1'), twin('CP-101', 'CELL-1', { modelId: modelId('Pump') })],
        relationships: [link('to', 'CP-101', 'P-2'), link('from', 'P-3', 'CP-101')],
      });
      const content = await contentOf(twins, tenant);
      const found = await conflictsOf(sets.revert(tenant, owner));
      assert.deepEqual(found.map(({ item, id }) => `${item} ${id}`).sort(), [
        'TWIN P-1',
        'TWIN P-2',
        'TWIN P-3',
      ]);
      assert.deepEqual(await contentOf(twins, tenant), content);
      await twins.apply(tenant, { twins: [twin('CHILD', 'CELL-1')] });
      await sets.forget(tenant, owner);
      const models = await applied(tenant, { models: [model('Gauge')], twins: [twin('G', 'CELL-1')] });
      await twins.apply(tenant, {
        twins: [
          twin('H', 'CELL-1', {
            properties: { $aas: [{ shell: 's', globalAssetId: null, submodels: [modelId('Gauge')] }] },
          }),
        ],
      });
      const used = await conflictsOf(sets.revert(tenant, models));
      assert.deepEqual(
        used.map(({ item, id, reason }) => [item, id, reason.includes('H')]),
        [['MODEL', modelId('Gauge'), true]],
      );
    });

    test('models that others are built on keep an import from being taken back', async () => {
      const tenant = await plantIn(twins);
      for (const [base, user] of [
        ['Base', model('Derived', ['Base'])],
        ['Whole', model('Owner', [], { contents: componentOf('Whole') })],
      ] as const) {
        const owner = await applied(tenant, { models: [model(base)] });
        await twins.apply(tenant, { models: [user] });
        const [conflict] = await conflictsOf(sets.revert(tenant, owner));
        assert.deepEqual([conflict?.item, conflict?.id], ['MODEL', modelId(base)]);
        assert.match(conflict?.reason ?? '', new RegExp(user.id));
      }
      const owner = await applied(tenant, { models: [model('Alone')] });
      assert.deepEqual(await sets.revert(tenant, owner), { removed: 1, restored: 0, twins: [] });
      assert.deepEqual(await twins.models(tenant, [modelId('Alone')]), [null]);
      assert.deepEqual(await twins.lineageOf(tenant, [modelId('Alone')]), [null]);
    });

    test('a set that was taken apart is committed item by item, and taken back as one', async () => {
      const tenant = await plantIn(twins);
      const content = await contentOf(twins, tenant);
      const key = { tenant, owner: newOwner(), part: '000003' };
      await sets.stage(
        key,
        staged({
          twins: [twin('A', 'nowhere'), twin('B', 'CELL-1')],
          relationships: [link('x', 'B', 'CP-101')],
        }),
      );
      await rejectsWith('NOT_FOUND', sets.commit(key));
      const items = await sets.split(key);
      assert.deepEqual(
        items.map(({ item, id }) => `${item} ${id}`),
        ['TWIN A', 'TWIN B', 'RELATIONSHIP x'],
      );
      assert.deepEqual(await sets.split(key), items);
      await rejectsWith('INVALID_INPUT', sets.commit(key));
      const outcomes: string[] = [];
      for (const { part } of items)
        outcomes.push(
          await sets.commit({ ...key, part }).then(
            () => 'applied',
            () => 'refused',
          ),
        );
      assert.deepEqual(outcomes, ['refused', 'applied', 'applied']);
      assert.deepEqual(await sets.applied(tenant, key.owner), { created: 2, changed: 0, equal: 0 });
      await sets.discard(tenant, key.owner);
      assert.deepEqual(await sets.applied(tenant, key.owner), { created: 2, changed: 0, equal: 0 });
      await sets.revert(tenant, key.owner);
      assert.deepEqual(await contentOf(twins, tenant), content);
    });

    test('what is discarded or forgotten is gone; tenants and imports do not meet', async () => {
      const [one, other] = [await plantIn(twins), await plantIn(twins)];
      const owner = newOwner();
      for (const tenant of [one, other])
        await sets.stage({ tenant, owner, part: '0' }, staged({ twins: [twin('N', 'CELL-1')] }));
      await sets.discard(one, owner);
      await rejectsWith('NOT_FOUND', sets.commit({ tenant: one, owner, part: '0' }));
      await sets.commit({ tenant: other, owner, part: '0' });
      assert.deepEqual(await sets.revert(one, owner), { removed: 0, restored: 0, twins: [] });
      assert.equal((await listIn(twins, other, {})).includes('N'), true);
      await sets.forget(other, owner);
      assert.deepEqual(await sets.revert(other, owner), { removed: 0, restored: 0, twins: [] });
      assert.equal((await listIn(twins, other, {})).includes('N'), true);
    });

    test('the whole plant goes in and out again', async () => {
      const tenant = await plantIn(twins);
      const everything = smallPlant();
      const owner = await applied(tenant, everything);
      assert.deepEqual(await sets.applied(tenant, owner), { created: 0, changed: 0, equal: 13 });
      assert.deepEqual(await sets.revert(tenant, owner), { removed: 0, restored: 0, twins: [] });
      assert.equal((await listIn(twins, tenant, {})).length, 6);
    });
  });
}

function componentOf(schema: string) {
  return [
    {
      kind: 'component' as const,
      name: 'part',
      schema: modelId(schema),
      displayName: {},
      description: {},
      declaredBy: modelId('Owner'),
    },
  ];
}
