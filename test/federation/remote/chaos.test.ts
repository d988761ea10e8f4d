import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isHubError } from '#kernel/errors.ts';
import { createRandom } from '../random-operations.ts';
import { answerText, serveTcp, TestPeer, until } from './peers.ts';

const ok = '{"data":{"ok":true}}';
const head = answerText(ok).slice(0, 30);

/** The number that stands in a request's body. */
const numberIn = (data: Buffer) => Number(/"n":(\d+)/.exec(String(data))?.[1]);

for (const seed of [1, 2, 3, 4, 5])
  test(`whatever breaks, each request ends once, is sent no more than allowed, and gives its connection back (seed ${seed})`, async () => {
    const random = createRandom(seed);
    const seen = new Map<number, number>();
    let calm = false;
    await using server = await serveTcp((socket) => {
      socket.on('data', (data) => {
        const n = numberIn(data);
        seen.set(n, (seen.get(n) ?? 0) + 1);
        const fate = calm ? 99 : Math.floor(random() * 30);
        if (fate === 0) socket.destroy();
        else if (fate === 1) socket.end(head);
        else if (fate === 2) setImmediate(() => socket.end(answerText(ok, 'connection: close\r\n')));
        else if (fate === 3) socket.write(answerText(ok), () => socket.destroy());
        else if (fate === 4) socket.write('no HTTP at all\r\n\r\n');
        else if (fate === 5)
          socket.write(head, () => setImmediate(() => socket.write(answerText(ok).slice(30))));
        // One in thirty is never answered: its deadline ends it.
        else if (fate !== 6) socket.write(answerText(ok));
      });
    });
    await using client = new TestPeer(server, { maxConnections: 4, timeoutMs: 150, circuitFailures: 3 });
    const total = 300;
    const repeatable = Array.from({ length: total }, () => random() < 0.7);
    let next = 0;
    const oneAfterAnother = async () => {
      for (let n = next++; n < total; n = next++) {
        const gone = new AbortController();
        if (random() < 0.1) setImmediate(() => gone.abort('left'));
        await client
          .ask({ body: `{"n":${n}}`, repeatable: repeatable[n] === true, signal: gone.signal })
          .then(
            (answer) => assert.equal(answer, ok),
            (error: unknown) => assert.ok(isHubError(error) || error === 'left', String(error)),
          );
      }
    };
    await Promise.all(Array.from({ length: 8 }, oneAfterAnother));
    for (const [n, times] of seen)
      assert.ok(times <= (repeatable[n] ? 2 : 1), `${n} was sent ${times} times`);
    assert.ok(seen.size > total / 2, `only ${seen.size} were sent`);
    calm = true;
    for (let n = 1_000; n < 1_020; n += 1)
      await until(async () => (await client.ask({ body: `{"n":${n}}` }).catch(String)) === ok);
    await until(async () => {
      const four = Array.from({ length: 4 }, (_, n) =>
        client.ask({ body: `{"n":${2_000 + n}}` }).catch(String),
      );
      return (await Promise.all(four)).every((answer) => answer === ok);
    });
    await until(() => server.open <= 4);
  });
