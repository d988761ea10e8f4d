import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { createInfluxTimeSeriesStore } from '#connectors/influx/index.ts';
import { isHubError } from '#kernel/errors.ts';
import { describeWithService, startInflux } from '#test/services/index.ts';
import { timeSeriesContract } from './time-series.ts';
import { all, at, twinId } from './time-series-data.ts';
import { freshTenant } from './twin-store-data.ts';
import { Relay } from './twin-store-relay.ts';

const nowhere = { url: 'http://127.0.0.1:9', token: 'x', org: 'twinhub', bucket: 'twinhub' };

function isUnavailable(naming: RegExp) {
  return (error: unknown): boolean => {
    assert.ok(isHubError(error, 'STORE_UNAVAILABLE'), String(error));
    assert.match(error.message, naming);
    assert.ok(error.cause);
    return true;
  };
}

await describeWithService('TimeSeriesStore on InfluxDB', startInflux, (service) => {
  const { url, token, org, bucket } = service;
  const config = { url, token, org, bucket };
  timeSeriesContract('InfluxDB', { open: () => createInfluxTimeSeriesStore(config) });

  test('a server that goes away is STORE_UNAVAILABLE, and one that comes back is used again', async () => {
    const relay = new Relay(url);
    await relay.mend();
    const store = await createInfluxTimeSeriesStore({ ...config, url: `http://${relay.address}` });
    const tenant = freshTenant();
    const flow = { twinId, signal: 'flow' };
    await store.write(tenant, [at(0, 1)]);
    await relay.cut();
    const writes = [1, 2, 3].map((n) =>
      assert.rejects(store.write(tenant, [at(n, n)]), isUnavailable(/does not answer/)),
    );
    await Promise.all(writes);
    await assert.rejects(store.latest(tenant, [flow]), isUnavailable(/does not answer/));
    await relay.mend();
    await store.write(tenant, [at(4, 4)]);
    const { samples } = await store.raw(tenant, flow, all, 10);
    assert.deepEqual(
      samples.map(({ value }) => value),
      [1, 4],
    );
    await store.close();
    await relay.cut();
  });

  test('a wrong token, bucket or organisation is STORE_UNAVAILABLE and says which', async () => {
    await assert.rejects(createInfluxTimeSeriesStore({ ...config, token: 'wrong' }), isUnavailable(/token/));
    await assert.rejects(
      createInfluxTimeSeriesStore({ ...config, bucket: 'nope' }),
      isUnavailable(/bucket nope/),
    );
    await assert.rejects(
      createInfluxTimeSeriesStore({ ...config, org: 'nope' }),
      isUnavailable(/organisation nope/),
    );
  });
});

test('a server that is not there is STORE_UNAVAILABLE at once, with its cause', async () => {
  await assert.rejects(createInfluxTimeSeriesStore(nowhere), isUnavailable(/127\.0\.0\.1:9/));
});

test('a server that takes the connection and never answers is STORE_UNAVAILABLE after the timeout', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => void sockets.push(socket));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await assert.rejects(
    createInfluxTimeSeriesStore({ ...nowhere, url: `http://127.0.0.1:${port}`, queryTimeoutMs: 300 }),
    isUnavailable(/does not answer/),
  );
  for (const socket of sockets) socket.destroy();
  silent.close();
});
