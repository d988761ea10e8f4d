import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { InfluxDB, Point } from '@influxdata/influxdb-client';
import { connect } from 'amqplib';
import neo4j from 'neo4j-driver';
import { withLock } from './common/lock.ts';
import { createDataFolder } from './common/places.ts';
import { waitUntilReady } from './common/ready.ts';
import { firstOf } from './common/sources.ts';
import { supervise } from './common/supervise.ts';
import {
  describeWithService,
  findChromium,
  isUnavailable,
  startInflux,
  startNeo4j,
  startRabbit,
} from './index.ts';

await describeWithService('Neo4j for tests', startNeo4j, (service) => {
  test('merges and reads a graph', async () => {
    const driver = neo4j.driver(service.url, neo4j.auth.basic(service.user, service.password));
    try {
      const parameters = { pump: `pump-${process.pid}`, motor: `motor-${process.pid}` };
      await driver.executeQuery(
        'MERGE (a:Probe {id: $pump}) MERGE (b:Probe {id: $motor}) MERGE (a)-[:HAS]->(b)',
        parameters,
      );
      const { records } = await driver.executeQuery(
        'MATCH (:Probe {id: $pump})-[:HAS]->(b) RETURN b.id AS id',
        parameters,
      );
      assert.deepEqual(
        records.map((record) => record.get('id')),
        [parameters.motor],
      );
      await driver.executeQuery('MATCH (n:Probe) WHERE n.id IN [$pump, $motor] DETACH DELETE n', parameters);
    } finally {
      await driver.close();
    }
  });

  test('refuses a wrong password', async () => {
    const driver = neo4j.driver(service.url, neo4j.auth.basic(service.user, 'not the password'));
    await assert.rejects(driver.getServerInfo(), { code: 'Neo.ClientError.Security.Unauthorized' });
    await driver.close();
  });
});

await describeWithService('InfluxDB for tests', startInflux, ({ url, token, org, bucket }) => {
  const measurement = `probe_${process.pid}`;

  test('takes line protocol and answers Flux', async () => {
    const influx = new InfluxDB({ url, token });
    const writer = influx.getWriteApi(org, bucket, 'ms');
    for (const value of [1, 2, 6])
      writer.writePoint(new Point(measurement).tag('n', String(value)).floatField('v', value));
    await writer.close();
    const flux = `from(bucket: "${bucket}") |> range(start: -1h) |> filter(fn: (r) => r._measurement == "${measurement}") |> group() |> mean()`;
    const rows = await influx.getQueryApi(org).collectRows<{ _value: number }>(flux);
    assert.deepEqual(
      rows.map((row) => row._value),
      [3],
    );
  });

  test('refuses a wrong token', async () => {
    const query = new InfluxDB({ url, token: 'not the token' }).getQueryApi(org);
    await assert.rejects(query.collectRows('buckets()'), { statusCode: 401 });
  });
});

await describeWithService('RabbitMQ for tests', startRabbit, (service) => {
  test('confirms a message into a quorum queue and hands it out', async () => {
    const connection = await connect(service.url);
    const channel = await connection.createConfirmChannel();
    const queue = `probe-${process.pid}`;
    await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    channel.sendToQueue(queue, Buffer.from('hello'), { persistent: true });
    await channel.waitForConfirms();
    const message = await channel.get(queue, { noAck: true });
    assert.equal(message && message.content.toString(), 'hello');
    await channel.deleteQueue(queue);
    await connection.close();
  });

  test('gives a virtual host of one’s own and drops its connections', async (t) => {
    if (!service.managementUrl) return t.skip('the given server has no management address');
    const vhost = `probe ${process.pid}`;
    const connection = await connect(await service.createVhost(vhost));
    connection.on('error', () => {});
    const closed = once(connection, 'close');
    assert.equal(await service.dropConnections(vhost), 1);
    await closed;
    await service.deleteVhost(vhost);
  });
});

describe('The starting of servers', () => {
  test('ends a server and its children, and removes its data, when the test process is killed', async () => {
    const script = `
      import { supervise } from ${JSON.stringify(import.meta.resolve('./common/supervise.ts'))};
      import { createDataFolder } from ${JSON.stringify(import.meta.resolve('./common/places.ts'))};
      const folder = await createDataFolder('killed');
      supervise({ command: 'sh', args: ['-c', 'trap "" TERM; sleep 600 & echo $$ $! > pids; wait'], env: process.env, folder });
      console.log(folder);
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const folder = line.toString().trim();
    await eventually(() => existsSync(`${folder}/pids`));
    const pids = readFileSync(`${folder}/pids`, 'utf8').trim().split(' ').map(Number);
    assert.equal(pids.filter(runs).length, 2);
    child.kill('SIGKILL');
    await eventually(() => !existsSync(folder) && !pids.some(runs));
  });

  test('tells the end of the log of a server that does not come up, and leaves nothing behind', async () => {
    const folder = await createDataFolder('broken');
    const server = supervise({
      command: 'sh',
      args: ['-c', 'echo no disk; exit 7'],
      env: process.env,
      folder,
    });
    const probe = () => Promise.reject(new Error('refused'));
    await assert.rejects(waitUntilReady({ name: 'Broken', server, probe, timeoutMs: 10_000 }), {
      code: 'CONNECTOR_UNREACHABLE',
      message: /^Broken ended with code 7\. The end of its log:\nno disk$/,
    });
    assert.equal(existsSync(folder), false);
  });

  test('keeps two who install the same thing apart', async () => {
    const folder = await createDataFolder('lock');
    let inside = 0;
    const work = async () => {
      assert.equal((inside += 1), 1);
      await sleep(20);
      inside -= 1;
    };
    await Promise.all([withLock(folder, 'x', work), withLock(folder, 'x', work)]);
    await rm(folder, { recursive: true });
  });

  test('names every source that did not have a server', async () => {
    const outcome = await firstOf('A server', [
      { name: 'PATH', get: async () => ({ unavailable: 'not there' }) },
      { name: 'build', get: () => Promise.reject(new Error('no compiler')) },
    ]);
    assert.deepEqual(outcome, {
      unavailable: 'A server cannot be had here.\n  - PATH: not there\n  - build: no compiler',
    });
  });

  test('does not fall back when the server of the environment does not answer', async () => {
    const env = { ...process.env, TWINHUB_TEST_INFLUX_URL: 'http://127.0.0.1:1' };
    await assert.rejects(startInflux({ ...env, TWINHUB_TEST_INFLUX_UNAVAILABLE: '' }), {
      code: 'CONNECTOR_UNREACHABLE',
    });
  });

  test('finds a Chromium or says why not', async () => {
    const found = await findChromium();
    assert.ok(isUnavailable(found) ? found.unavailable : existsSync(found.path));
    const given = await findChromium({ TWINHUB_TEST_CHROMIUM: '/nowhere/chromium' });
    assert.deepEqual(given, { unavailable: 'TWINHUB_TEST_CHROMIUM: /nowhere/chromium cannot be run' });
  });
});

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch {
    return false;
  }
}

// In a container whose first process does not collect orphans, an ended process keeps its entry.
function isZombie(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && /\) [ZX] /.test(readFileSync(stat, 'utf8'));
}

async function eventually(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!holds()) {
    assert.ok(performance.now() < deadline, 'not within 10 s');
    await sleep(50);
  }
}
