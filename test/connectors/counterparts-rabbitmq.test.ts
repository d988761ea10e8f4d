import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { connectAmqpMessageBus } from '#connectors/amqp/index.ts';
import { systemClock } from '#kernel/clock.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import { describeWithService, startRabbit } from '#test/services/index.ts';
import { CounterpartBench } from './counterpart-bench.ts';

await describeWithService('Connectors and simulated systems over RabbitMQ', startRabbit, (rabbit) => {
  const vhost = `systems-${randomUUID().slice(0, 8)}`;
  let address = '';
  before(async () => void (address = await rabbit.createVhost(vhost)));
  after(() => rabbit.deleteVhost(vhost));
  const open = () =>
    connectAmqpMessageBus({ url: address }, { clock: systemClock, log: createMemoryLogger() });

  test('parts are short, come later, are reserved and issued, while the connections are cut once', async () => {
    await using bench = await new CounterpartBench('wms', ['--short', 'BRG-6311-C3=1'], {
      address,
      open,
    }).start();
    await bench.startSystem();
    const part = { product: 'BRG-6311-C3', description: 'Bearing', quantity: 2, unit: '{pc}' };
    const requiredAt = new Date().toISOString();
    await bench.send({
      type: 'wms.reserveParts',
      workflowId: 'W-1',
      order: '4000001',
      parts: [part],
      requiredAt,
    });
    await bench.told('wms.partsShort');
    await rabbit.dropConnections(vhost);
    const { reservation } = await bench.told('wms.partsReserved');
    await bench.send({ type: 'wms.issueParts', workflowId: 'W-1', order: '4000001', reservation });
    const { materialDocument } = await bench.told('wms.partsIssued');
    const journal = await bench.journalOf('W-1');
    assert.ok(journal.some(({ body }) => JSON.stringify(body).includes(materialDocument)));
    assert.equal(journal.filter(({ type }) => type === 'wms.Reservation.Create').length, 1);
    assert.deepEqual(await bench.bus.deadLetters('hub.wms.in', 5), []);
  });
});
