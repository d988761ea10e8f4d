import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PartDemand } from '#ontology/maintenance.ts';
import { CounterpartBench } from './counterpart-bench.ts';

const bearings: PartDemand = { product: 'BRG-6311-C3', description: 'Bearing', quantity: 2, unit: '{pc}' };
const grease: PartDemand = { product: 'GREASE-LGHP2', description: 'Grease', quantity: 1, unit: '{pc}' };
const reserve = (workflowId: string, order: string, parts: readonly PartDemand[]) =>
  ({ type: 'wms.reserveParts', workflowId, order, parts, requiredAt: new Date().toISOString() }) as const;

describe('the WMS connector with its simulated warehouse', () => {
  test('reserves parts and issues them with movement type 261', async () => {
    await using bench = await new CounterpartBench('wms').start();
    await bench.startSystem();
    await bench.send(reserve('W-1', '4000001', [bearings, grease]));
    const { reservation } = await bench.told('wms.partsReserved');
    await bench.send({ type: 'wms.issueParts', workflowId: 'W-1', order: '4000001', reservation });
    const { materialDocument } = await bench.told('wms.partsIssued');
    assert.match(materialDocument, /^49\d{8}$/);
    const issue = (await bench.journalOf('W-1')).find(({ type }) => type === 'wms.MaterialDocument.Create');
    const body = issue?.body as {
      GoodsMovementCode: string;
      to_MaterialDocumentItem: Record<string, unknown>[];
    };
    assert.equal(body.GoodsMovementCode, '03');
    assert.deepEqual(
      body.to_MaterialDocumentItem.map((item) => [
        item['GoodsMovementType'],
        item['Reservation'],
        item['QuantityInEntryUnit'],
      ]),
      [
        ['261', reservation, 2],
        ['261', reservation, 1],
      ],
    );
    await bench.send({ type: 'wms.issueParts', workflowId: 'W-1', order: '4000001', reservation });
    assert.equal((await bench.told('wms.partsIssued', 2)).materialDocument, materialDocument, 'issued once');
  });

  test('says what is short and when it comes, and that it is there later', async () => {
    await using bench = await new CounterpartBench('wms', ['--short', 'BRG-6311-C3=0.5']).start();
    await bench.startSystem();
    await bench.send(reserve('W-2', '4000002', [bearings, grease]));
    const short = await bench.told('wms.partsShort');
    assert.deepEqual([short.product, short.missing], ['BRG-6311-C3', 2]);
    assert.ok(Date.parse(short.expectedAt ?? '') > Date.now() - 1_000);
    const { reservation } = await bench.told('wms.partsReserved');
    await bench.send({ type: 'wms.issueParts', workflowId: 'W-2', order: '4000002', reservation });
    await bench.told('wms.partsIssued');
  });

  test('gives a reservation up, once, and refuses what cannot be', async () => {
    await using bench = await new CounterpartBench('wms').start();
    await bench.startSystem();
    await bench.send(reserve('W-3', '4000003', [bearings]));
    const { reservation } = await bench.told('wms.partsReserved');
    await bench.send({ type: 'wms.cancelReservation', workflowId: 'W-3', reservation });
    await bench.told('wms.reservationCancelled');
    await bench.send({ type: 'wms.cancelReservation', workflowId: 'W-3', reservation });
    await bench.told('wms.reservationCancelled', 2);
    await bench.send({ type: 'wms.issueParts', workflowId: 'W-3', order: '4000003', reservation });
    assert.deepEqual((await bench.told('wms.refused')).code, 'M7/053');
    await bench.send({ type: 'wms.cancelReservation', workflowId: 'W-3', reservation: '1' });
    assert.deepEqual((await bench.told('wms.refused', 2)).code, 'M7/022');
    const deletes = (await bench.journalOf('W-3')).filter(({ type }) => type === 'wms.Reservation.Delete');
    assert.equal(deletes.length, 1);
  });
});
