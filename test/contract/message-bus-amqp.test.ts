import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectSocket, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'amqplib';
import { connectAmqpMessageBus, readAmqpConfig } from '#connectors/amqp/index.ts';
import { systemClock } from '#kernel/clock.ts';
import { ConfigReader } from '#kernel/config.ts';
import { isHubError } from '#kernel/errors.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import { describeWithService, startRabbit } from '#test/services/index.ts';
import { command, messageBusContract, until } from './message-bus-suite.ts';

const open = (url: string) =>
  connectAmqpMessageBus({ url, maxReconnectDelayMs: 500 }, { clock: systemClock, log: createMemoryLogger() });

await describeWithService('RabbitMQ', startRabbit, (rabbit) => {
  const vhost = `bus-${randomUUID().slice(0, 8)}`;
  const ready = rabbit.createVhost(vhost);
  const spec = (name: string, over = {}) => ({
    name,
    bindings: [{ exchange: 'hub.cmd' as const, pattern: `${name}.#` }],
    retryDelaysMs: [20],
    ...over,
  });

  messageBusContract('RabbitMQ', async () => open(await ready));

  describe('the message bus on RabbitMQ', () => {
    test('consumers go on by themselves after all connections were cut, and nothing confirmed is lost', async () => {
      const bus = await open(await ready);
      await bus.declareQueue(spec('cut'));
      const seen = new Set<unknown>();
      await bus.consume('cut', async ({ message }) => void seen.add(message.body));
      const confirmed: number[] = [];
      let cuts = 0;
      for (let n = 0; n < 60; n += 1) {
        if (n % 20 === 10) cuts += await rabbit.dropConnections(vhost);
        for (;;) {
          try {
            await bus.publish(command('cut.a', n));
            break;
          } catch (error) {
            assert.ok(isHubError(error, 'CONNECTOR_UNREACHABLE'), String(error));
            await sleep(20);
          }
        }
        confirmed.push(n);
      }
      await until(() => seen.size === 60, 'all handled', 30_000);
      assert.ok(cuts >= 1);
      await bus.close();
    });

    test('a broker that is away for a while: publishing says so, and all goes on by itself', async () => {
      const url = new URL(await ready);
      await using line = await openLine(Number(url.port));
      url.port = String(line.port);
      const bus = await connectAmqpMessageBus(
        { url: url.href, timeoutMs: 300, maxReconnectDelayMs: 200 },
        { clock: systemClock, log: createMemoryLogger() },
      );
      await bus.declareQueue(spec('away'));
      const seen = new Set<unknown>();
      await bus.consume('away', async ({ message }) => void seen.add(message.body));
      await bus.publish(command('away.a', 'before'));
      await until(() => seen.size === 1, 'before');
      line.cut();
      const during = command('away.a', 'during');
      await assert.rejects(bus.publish(during), (error) => isHubError(error, 'CONNECTOR_UNREACHABLE'));
      await sleep(500);
      line.mend();
      const publishes = () =>
        bus.publish(during).then(
          () => true,
          () => false,
        );
      await until(publishes, 'publishing works again');
      await until(() => seen.has('during'), 'the consumer goes on');
      await bus.close();
    });

    test('sets aside what others put into the queue wrongly, with the reason, and goes on', async () => {
      const url = await ready;
      const bus = await open(url);
      await bus.declareQueue(spec('foreign'));
      const seen: unknown[] = [];
      await bus.consume('foreign', async ({ message }) => void seen.push(message.body));
      const other = await connect(url);
      const channel = await other.createConfirmChannel();
      const head = {
        cloudEvents_id: 'f-1',
        cloudEvents_type: 't',
        cloudEvents_source: 's',
        cloudEvents_time: new Date().toISOString(),
        cloudEvents_subject: 'k',
        cloudEvents_tenant: 'demo',
      };
      channel.publish('hub.cmd', 'foreign.a', Buffer.from('{}'));
      channel.publish('hub.cmd', 'foreign.a', Buffer.from('{not json'), { headers: head });
      channel.publish('hub.cmd', 'foreign.a', Buffer.alloc(300 * 1024, 0x20), { headers: head });
      channel.publish('hub.cmd', 'foreign.a', Buffer.from('{}'), {
        headers: { ...head, cloudEvents_tenant: 'NOT OK' },
      });
      channel.publish('hub.cmd', 'foreign.a', Buffer.from('"good"'), { headers: head });
      await channel.waitForConfirms();
      await other.close();
      await until(async () => (await bus.deadLetters('foreign', 10)).length === 4, 'four dead letters');
      await until(() => seen.length === 1, 'the good one');
      assert.deepEqual(seen, ['good']);
      const reasons = (await bus.deadLetters('foreign', 10)).map(({ reason }) => reason).join('\n');
      for (const part of [/no header cloudEvents_id/, /not JSON/, /307200 bytes/, /tenant id/])
        assert.match(reasons, part);
      await bus.close();
    });

    test('a consumer comes back when its channel alone was closed', async () => {
      const url = await ready;
      const bus = await open(url);
      await bus.declareQueue(spec('gone'));
      const seen: unknown[] = [];
      await bus.consume('gone', async ({ message }) => void seen.push(message.body));
      const other = await connect(url);
      const channel = await other.createChannel();
      await channel.deleteQueue('gone');
      await other.close();
      await sleep(100);
      await bus.declareQueue(spec('gone'));
      await bus.publish(command('gone.a', 1));
      await until(() => seen.length === 1, 'delivery after the queue was made again');
      await bus.close();
    });

    test('says what is wrong with an address that does not answer or another kind of queue of that name', async () => {
      const down = connectAmqpMessageBus(
        { url: 'amqp://user:secret@127.0.0.1:1', timeoutMs: 500 },
        { clock: systemClock, log: createMemoryLogger() },
      );
      await assert.rejects(
        down,
        (error) => isHubError(error, 'CONNECTOR_UNREACHABLE') && !error.message.includes('secret'),
      );
      const bus = await open(await ready);
      await bus.declareQueue(spec('kind'));
      await assert.rejects(bus.declareQueue(spec('kind', { ordered: true })), (error) =>
        isHubError(error, 'CONNECTOR_REFUSED'),
      );
      await bus.publish(command('kind.a', 1));
      await bus.close();
    });
  });

  test('the virtual host of these tests is removed', async () => {
    await rabbit.deleteVhost(vhost);
  });
});

/** A line to a port of this machine that can be cut: connections break and none is taken until it is mended. */
async function openLine(to: number) {
  const sockets = new Set<Socket>();
  let broken = false;
  const join = (socket: Socket, other: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
    socket.pipe(other);
  };
  const server = createServer((near) => {
    if (broken) return void near.destroy();
    const far = connectSocket(to, '127.0.0.1');
    join(near, far);
    join(far, near);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const cut = () => {
    broken = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    mend: () => void (broken = false),
    [Symbol.asyncDispose]: async () => {
      cut();
      server.close();
    },
  };
}

test('the AMQP address is read from TWINHUB_AMQP_URL', () => {
  const reader = new ConfigReader({ TWINHUB_AMQP_URL: 'amqp://localhost/x' });
  assert.deepEqual(readAmqpConfig(reader), { url: 'amqp://localhost/x', timeoutMs: 10_000 });
  reader.finish('TWINHUB_AMQP');
  assert.equal(readAmqpConfig(new ConfigReader({})), null);
});
