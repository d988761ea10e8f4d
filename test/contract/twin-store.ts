import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { TenantId } from '#ontology/ids.ts';
import type { TwinFilter, TwinStore } from '#ontology/ports/twin-store.ts';
import { freshTenant, model, modelId, smallPlant, twin } from './twin-store-data.ts';
import { readCases } from './twin-store-reads.ts';
import { ids, idsOf, listIn, plantIn, rejectsWith, type TwinStoreHarness } from './twin-store-support.ts';
import { writeCases } from './twin-store-writes.ts';

/** What every TwinStore does, whatever it keeps its data in. */
export function twinStoreContract(name: string, harness: TwinStoreHarness): void {
  describe(`TwinStore contract: ${name}`, () => {
    let store: TwinStore;
    before(async () => void (store = await harness.open()));
    after(() => store.close());

    const plant = () => plantIn(store);
    const list = (tenant: TenantId, filter: TwinFilter) => listIn(store, tenant, filter);

    writeCases(() => store);
    readCases(() => store);

    test('tenants see nothing of one another', async () => {
      const one = await plant();
      const other = freshTenant();
      await rejectsWith('NOT_FOUND', store.apply(other, { twins: [twin('FL-101', 'CELL-1')] }));
      await rejectsWith('NOT_FOUND', store.patchProperties(other, ids('FL-101')[0]!, { a: 1 }, null));
      await store.apply(other, {
        models: [model('Asset', [], { displayName: { en: 'Ours' } })],
        twins: [twin('FL-101'), twin('CP-101', 'FL-101')],
      });
      assert.equal((await store.models(one, [modelId('Asset')]))[0]?.displayName['en'], 'Asset');
      assert.deepEqual((await store.childrenOf(other, ids('FL-101', 'CELL-1'))).map(idsOf), [['CP-101'], []]);
      assert.deepEqual((await store.ancestorsOf(other, ids('CP-101', 'CV-101'))).map(idsOf), [
        ['FL-101'],
        [],
      ]);
      assert.deepEqual((await store.relationshipsOf(other, ids('FL-101'), 'out')).map(idsOf), [[]]);
      assert.deepEqual(await store.lineageOf(other, [modelId('Filler')]), [null]);
      assert.deepEqual(await list(other, {}), ['CP-101', 'FL-101']);
      assert.deepEqual(await list(one, {}), ['CELL-1', 'CELL-2', 'CP-101', 'CV-101', 'FL-101', 'PLANT-1']);
    });

    test('what was written is there after closing and opening again', async () => {
      const tenant = freshTenant();
      const first = await harness.open();
      await first.apply(tenant, smallPlant());
      const patched = await first.patchProperties(tenant, ids('CP-101')[0]!, { a: 1 }, 1);
      await first.close();
      const second = await harness.open();
      try {
        assert.deepEqual(await second.twins(tenant, ids('CP-101')), [patched]);
        assert.deepEqual((await second.relationshipsOf(tenant, ids('FL-101'), 'out')).map(idsOf), [
          ['r3', 'r1'],
        ]);
        assert.deepEqual(await second.apply(tenant, { models: smallPlant().models }), {
          created: 0,
          changed: 0,
          equal: 4,
        });
      } finally {
        await second.close();
      }
    });
  });
}
