import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { HubError, isHubError } from '#kernel/errors.ts';
import { parseTenantId } from '#ontology/ids.ts';
import type { Message, OutgoingMessage } from '#ontology/message.ts';
import type { Delivery, MessageBus, QueueSpec } from '#ontology/ports/message-bus.ts';

/** A message to `topic` on hub.cmd. */
export function command(topic: string, body: unknown, over: Partial<Message> = {}): OutgoingMessage {
  const message: Message = {
    id: randomUUID(),
    type: topic,
    source: 'test',
    tenant: parseTenantId('demo'),
    time: new Date().toISOString(),
    key: 'W-1',
    correlationId: null,
    traceparent: null,
    body,
    ...over,
  };
  return { exchange: 'hub.cmd', routingKey: topic, message };
}

/** Resolves when `condition` holds, looking every 10 ms. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 20_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) assert.fail(`${what} did not happen within ${timeoutMs} ms`);
    await sleep(10);
  }
}

/** What every message bus does. `open` gives a new bus on the same queues each time. */
export function messageBusContract(name: string, open: () => Promise<MessageBus>): void {
  describe(`${name} as a message bus`, () => {
    let bus: MessageBus;
    before(async () => void (bus = await open()));
    after(() => bus?.close());

    const queue = async (over: Partial<QueueSpec> = {}) => {
      const topic = `t${randomUUID().slice(0, 8)}`;
      const spec = {
        name: `test.${topic}`,
        bindings: [{ exchange: 'hub.cmd' as const, pattern: `${topic}.#` }],
        retryDelaysMs: [30, 60],
        ...over,
      };
      await bus.declareQueue(spec);
      return { topic, name: spec.name, spec };
    };

    test('delivers what was published, unchanged, and takes it off the queue', async () => {
      const { topic, name } = await queue();
      const sent = command(
        `${topic}.Create`,
        { text: 'Lager läuft heiß', list: [1, 2.5, null] },
        {
          correlationId: 'c-1',
          traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
          key: 'Schlüssel 1',
        },
      );
      await bus.publish(sent);
      await until(async () => (await bus.depth(name)) === 1, 'the message is in the queue');
      const got: Delivery[] = [];
      const consumer = await bus.consume(name, async (delivery) => void got.push(delivery));
      await until(() => got.length === 1, 'delivery');
      assert.deepEqual(got, [
        { message: sent.message, exchange: 'hub.cmd', routingKey: `${topic}.Create`, attempt: 1 },
      ]);
      await consumer.close();
      assert.equal(await bus.depth(name), 0);
    });

    test('puts a message into every queue that is bound to its routing key, and into no other', async () => {
      const a = await queue();
      const b = await queue({ bindings: [{ exchange: 'hub.cmd', pattern: `${a.topic}.*.x` }] });
      const c = await queue({ bindings: [{ exchange: 'hub.evt', pattern: `${a.topic}.#` }] });
      await bus.publish(command(`${a.topic}.one.x`, 1));
      await bus.publish(command(`${a.topic}.one.y`, 2));
      await until(async () => (await bus.depth(a.name)) === 2 && (await bus.depth(b.name)) === 1, 'routing');
      assert.equal(await bus.depth(c.name), 0);
    });

    test('says that a message has no queue to go to', async () => {
      await assert.rejects(bus.publish(command(`nobody.${randomUUID()}`, 1)), (error) =>
        isHubError(error, 'MESSAGE_UNROUTABLE'),
      );
    });

    test('refuses a body above the limit and a consumer for a queue that was not declared', async () => {
      const { topic } = await queue();
      await assert.rejects(bus.publish(command(topic, 'x'.repeat(256 * 1024))), (error) =>
        isHubError(error, 'LIMIT_EXCEEDED'),
      );
      await assert.rejects(
        bus.consume(`none.${randomUUID()}`, async () => {}),
        (error) => isHubError(error, 'NOT_FOUND'),
      );
    });

    test('declaring a queue again changes nothing', async () => {
      const { topic, name, spec } = await queue();
      await bus.publish(command(`${topic}.a`, 1));
      await bus.declareQueue(spec);
      await until(async () => (await bus.depth(name)) === 1, 'the message stays');
    });

    test('tries a failed message again, with its attempt, after the delays', async () => {
      const { topic, name } = await queue();
      const attempts: number[] = [];
      const at: number[] = [];
      await bus.publish(command(`${topic}.a`, 1));
      const consumer = await bus.consume(name, async ({ attempt }) => {
        attempts.push(attempt);
        at.push(performance.now());
        if (attempt < 3) throw new Error('not yet');
      });
      await until(() => attempts.length === 3, 'third attempt');
      await consumer.close();
      assert.deepEqual(attempts, [1, 2, 3]);
      assert.ok(
        (at[1] as number) - (at[0] as number) >= 25,
        `first delay was ${(at[1] as number) - (at[0] as number)} ms`,
      );
      assert.ok(
        (at[2] as number) - (at[1] as number) >= 55,
        `second delay was ${(at[2] as number) - (at[1] as number)} ms`,
      );
      assert.deepEqual(await bus.deadLetters(name, 10), []);
    });

    test('sets a message aside with its reason once the attempts are used up, and goes on with the others', async () => {
      const { topic, name } = await queue({ deliveryLimit: 2 });
      const bad = command(`${topic}.bad`, { bad: true });
      const good: string[] = [];
      let tries = 0;
      const consumer = await bus.consume(name, async ({ routingKey, message }) => {
        if (!routingKey.endsWith('.bad')) return void good.push(message.id);
        tries += 1;
        throw new Error('cannot work');
      });
      await bus.publish(bad);
      await bus.publish(command(`${topic}.good`, 1));
      await until(
        async () => (await bus.deadLetters(name, 10)).length === 1 && good.length === 1,
        'dead letter',
      );
      const [letter] = await bus.deadLetters(name, 10);
      assert.equal(tries, 2);
      assert.deepEqual(letter?.delivery.message, bad.message);
      assert.equal(letter?.delivery.routingKey, `${topic}.bad`);
      assert.equal(letter?.delivery.attempt, 2);
      assert.match(letter?.reason ?? '', /cannot work/);
      assert.ok(Math.abs((letter?.at ?? 0) - Date.now()) < 60_000);
      assert.equal((await bus.deadLetters(name, 10)).length, 1, 'looking leaves them where they are');
      await consumer.close();
    });

    test('sets a message aside at once when trying again cannot help', async () => {
      const { topic, name } = await queue();
      let tries = 0;
      const consumer = await bus.consume(name, async () => {
        tries += 1;
        throw new HubError('MESSAGE_INVALID', 'body/equipment is missing');
      });
      await bus.publish(command(`${topic}.a`, {}));
      await until(async () => (await bus.deadLetters(name, 1)).length === 1, 'dead letter');
      assert.equal(tries, 1);
      assert.match(
        (await bus.deadLetters(name, 1))[0]?.reason ?? '',
        /MESSAGE_INVALID: body\/equipment is missing/,
      );
      await consumer.close();
    });

    test('puts a dead letter back for a fresh set of attempts, newest are listed first', async () => {
      const { topic, name } = await queue({ deliveryLimit: 1 });
      let healthy = false;
      const done: { id: string; attempt: number }[] = [];
      const consumer = await bus.consume(name, async ({ message, attempt }) => {
        if (!healthy) throw new Error('sick');
        done.push({ id: message.id, attempt });
      });
      const messages = [1, 2, 3].map((n) => command(`${topic}.a`, n));
      for (const [index, message] of messages.entries()) {
        await bus.publish(message);
        await until(async () => (await bus.deadLetters(name, 10)).length === index + 1, 'dead letter');
      }
      assert.deepEqual(
        (await bus.deadLetters(name, 2)).map(({ delivery }) => delivery.message.body),
        [3, 2],
      );
      healthy = true;
      const id = messages[1]?.message.id as string;
      assert.equal(await bus.redrive(name, id), true);
      await until(() => done.length === 1, 'second life');
      assert.deepEqual(done, [{ id, attempt: 1 }]);
      assert.equal(await bus.redrive(name, id), false);
      assert.equal(await bus.redrive(name, 'unknown'), false);
      assert.deepEqual(
        (await bus.deadLetters(name, 10)).map(({ delivery }) => delivery.message.body),
        [3, 1],
      );
      await consumer.close();
    });

    test('has at most `prefetch` messages in flight', async () => {
      const { topic, name } = await queue();
      let now = 0;
      let most = 0;
      let done = 0;
      for (let n = 0; n < 20; n += 1) await bus.publish(command(`${topic}.a`, n));
      const consumer = await bus.consume(
        name,
        async () => {
          most = Math.max(most, (now += 1));
          await sleep(15);
          now -= 1;
          done += 1;
        },
        { prefetch: 3 },
      );
      await until(() => done === 20, 'all handled');
      assert.equal(most, 3);
      await consumer.close();
    });

    test('keeps the order on an ordered queue through retries and over several consumers', async () => {
      const { topic, name, spec } = await queue({ ordered: true });
      const seen: unknown[] = [];
      let now = 0;
      let together = false;
      const handler = async ({ message, attempt }: Delivery) => {
        if ((now += 1) > 1) together = true;
        await sleep(1);
        now -= 1;
        if (Number(message.body) % 5 === 0 && attempt === 1) throw new Error('first try fails');
        seen.push(message.body);
      };
      const other = await open();
      await other.declareQueue(spec);
      const first = await bus.consume(name, handler);
      const second = await other.consume(name, handler);
      for (let n = 0; n < 30; n += 1) await bus.publish(command(`${topic}.a`, n));
      await until(() => seen.length === 15, 'half of them');
      await first.close();
      await until(() => seen.length >= 30, 'all handled');
      await second.close();
      await other.close();
      assert.deepEqual(
        seen,
        Array.from({ length: 30 }, (_, n) => n),
      );
      assert.equal(together, false);
    });

    test('closing a consumer waits for the handler that runs and leaves the rest in the queue', async () => {
      const { topic, name } = await queue();
      let started = 0;
      let ended = 0;
      const consumer = await bus.consume(
        name,
        async () => {
          started += 1;
          await sleep(50);
          ended += 1;
        },
        { prefetch: 1 },
      );
      for (let n = 0; n < 3; n += 1) await bus.publish(command(`${topic}.a`, n));
      await until(() => started === 1, 'start');
      await consumer.close();
      assert.equal(ended, started);
      await until(async () => (await bus.depth(name)) === 3 - ended, 'the rest is ready');
    });

    test('reaches another bus on the same queues within a moment, also while nobody publishes there', async () => {
      const { topic, name, spec } = await queue();
      const other = await open();
      await other.declareQueue(spec);
      const latencies: number[] = [];
      const consumer = await other.consume(name, async ({ message }) => {
        latencies.push(performance.now() - Number(message.body));
      });
      for (let n = 0; n < 10; n += 1) {
        await bus.publish(command(`${topic}.a`, performance.now()));
        await until(() => latencies.length === n + 1, 'delivery');
      }
      await consumer.close();
      await other.close();
      const median = latencies.sort((a, b) => a - b)[5] as number;
      assert.ok(median < 250, `median was ${median} ms`);
    });

    test('a message published under the same id again has one effect for a receiver that knows ids', async () => {
      const { topic, name } = await queue();
      const message = command(`${topic}.a`, 1);
      const seen = new Set<string>();
      let effects = 0;
      const consumer = await bus.consume(name, async ({ message: { id } }) => {
        if (seen.has(id)) return;
        seen.add(id);
        effects += 1;
      });
      await bus.publish(message);
      await bus.publish(message);
      await until(() => effects === 1, 'effect');
      await bus.publish(message);
      await bus.publish(command(`${topic}.a`, 2));
      await until(() => effects === 2, 'the next one');
      await until(async () => (await bus.depth(name)) === 0, 'empty queue');
      await consumer.close();
      assert.deepEqual(await bus.deadLetters(name, 1), []);
    });
  });
}
