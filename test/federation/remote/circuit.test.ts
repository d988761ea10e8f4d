import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Circuit } from '#gateway/remote/circuit.ts';
import { isHubError } from '#kernel/errors.ts';
import { answerText, failure, serveHttp, serveTcp, TestPeer, until } from './peers.ts';

const ok = '{"data":{"ok":true}}';

test('a circuit opens after failures in a row, lets one through after its time, and closes with the first that succeeds', () => {
  let now = 0;
  const circuit = new Circuit({ failures: 3, openMs: 1_000, trialMs: 5_000, now: () => now });
  circuit.failed('a');
  circuit.failed('b');
  circuit.succeeded();
  circuit.failed('a');
  circuit.failed('b');
  assert.deepEqual([circuit.state, circuit.admits()], ['closed', true]);
  circuit.failed('c');
  assert.deepEqual([circuit.state, circuit.cause, circuit.admits()], ['open', 'c', false]);
  now = 999;
  assert.equal(circuit.admits(), false);
  now = 1_000;
  assert.deepEqual([circuit.admits(), circuit.state, circuit.admits()], [true, 'half-open', false]);
  circuit.failed('d');
  assert.deepEqual([circuit.state, circuit.admits()], ['open', false]);
  now = 2_000;
  assert.equal(circuit.admits(), true);
  circuit.succeeded();
  assert.deepEqual([circuit.state, circuit.cause, circuit.admits()], ['closed', undefined, true]);
});

test('a trial of which nothing is heard does not keep the circuit open for ever', () => {
  let now = 0;
  const circuit = new Circuit({ failures: 1, openMs: 1_000, trialMs: 5_000, now: () => now });
  circuit.failed('a');
  now = 1_000;
  assert.equal(circuit.admits(), true);
  now = 5_999;
  assert.equal(circuit.admits(), false);
  now = 6_000;
  assert.equal(circuit.admits(), true);
});

test('a dead subgraph fails requests at once, and is asked again when it is back', async () => {
  await using server = await serveHttp((_req, res) => res.end(ok));
  await using client = new TestPeer(server, { circuitFailures: 3, circuitOpenMs: 2_000 });
  assert.equal(await client.ask(), ok);
  await server.stop();
  for (let nth = 0; nth < 3; nth += 1) {
    assert.equal(client.peer.state, 'closed');
    await assert.rejects(client.ask(), failure('CONNECTOR_UNREACHABLE', /does not answer/));
  }
  assert.equal(client.peer.state, 'open');
  for (const post of [client.ask(), client.mutate()])
    await assert.rejects(post, (error) => {
      assert.ok(isHubError(error, 'CONNECTOR_UNREACHABLE'));
      assert.deepEqual([error.details['circuit'], error.details['reason']], ['open', 'ECONNREFUSED']);
      return true;
    });
  await server.startAgain();
  const taken = server.taken;
  await until(async () => {
    const answer = await client.ask().catch(failure('CONNECTOR_UNREACHABLE'));
    return answer === ok;
  });
  assert.deepEqual([client.peer.state, server.taken], ['closed', taken + 1]);
});

test('while one connection is tried, others do not wait for it', async () => {
  // Takes connections and never says a word: TLS does not come about.
  await using server = await serveTcp(() => {});
  await using client = new TestPeer(`https://127.0.0.1:${server.port}/graphql`, {
    circuitFailures: 1,
    circuitOpenMs: 1,
    connectTimeoutMs: 600,
  });
  await assert.rejects(client.ask(), (error) => {
    assert.ok(isHubError(error, 'CONNECTOR_UNREACHABLE'));
    assert.equal(error.details['reason'], 'ETIMEDOUT');
    return true;
  });
  assert.equal(client.peer.state, 'open');
  const reasonOf = (post: Promise<string>) =>
    post.then(String, (error: unknown) => isHubError(error) && (error.details['circuit'] ?? 'tried'));
  let trial: Promise<unknown> = Promise.resolve();
  await until(() => {
    trial = reasonOf(client.ask());
    return client.peer.state === 'half-open';
  });
  assert.equal(await Promise.race([trial, reasonOf(client.ask())]), 'open');
  assert.equal(await trial, 'tried');
  assert.equal(client.peer.state, 'open');
});

test('a connection that stands goes on being used while no new ones are taken', async () => {
  let later: (() => void) | undefined;
  await using server = await serveTcp((socket) => {
    socket.on('data', (data) => {
      if (String(data).includes('slow')) later = () => socket.write(answerText(ok));
      else socket.write(answerText(ok));
    });
  });
  await using client = new TestPeer(server, { circuitFailures: 1, circuitOpenMs: 60_000 });
  const slow = client.ask({ body: '{"query":"{ slow }"}' });
  await until(() => later !== undefined);
  server.refuse();
  await assert.rejects(client.ask(), failure('CONNECTOR_UNREACHABLE', /does not answer/));
  await assert.rejects(client.ask(), failure('CONNECTOR_UNREACHABLE', /tried again soon/));
  assert.equal(client.peer.state, 'open');
  later?.();
  assert.equal(await slow, ok);
  assert.equal(client.peer.state, 'closed');
  assert.equal(await client.ask(), ok);
  assert.equal(server.taken, 1);
});

test('a query that a subgraph cannot bear does not close it to others', async () => {
  await using server = await serveTcp((socket) => {
    socket.on('data', (data) => {
      if (String(data).includes('poison')) socket.destroy();
      else socket.write(answerText(ok));
    });
  });
  await using client = new TestPeer(server, { circuitFailures: 2, circuitOpenMs: 60_000 });
  for (let nth = 0; nth < 5; nth += 1)
    await assert.rejects(client.ask({ body: 'poison' }), failure('CONNECTOR_UNREACHABLE'));
  assert.equal(client.peer.state, 'closed');
  assert.equal(await client.ask(), ok);
});
