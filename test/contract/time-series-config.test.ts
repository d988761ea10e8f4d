import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDuckDbConfig } from '#connectors/duckdb/index.ts';
import { readInfluxConfig } from '#connectors/influx/index.ts';
import { ConfigReader, type Env } from '#kernel/config.ts';

function read<T>(env: Env, prefix: string, readConfig: (reader: ConfigReader) => T): T {
  const reader = new ConfigReader(env);
  const config = readConfig(reader);
  reader.finish(prefix);
  return config;
}

const influx = (env: Env) => read(env, 'TWINHUB_INFLUX_', readInfluxConfig);
const duckDb = (env: Env) =>
  read(env, 'TWINHUB_DUCKDB_', (reader) => readDuckDbConfig(reader, '/data/telemetry.duckdb'));

test('without an address there is no InfluxDB', () => assert.equal(influx({}), null));

test('an address and a token suffice for InfluxDB', () => {
  assert.deepEqual(influx({ TWINHUB_INFLUX_URL: 'https://influx:8086', TWINHUB_INFLUX_TOKEN: 't' }), {
    url: 'https://influx:8086',
    token: 't',
    org: 'twinhub',
    bucket: 'twinhub',
  });
});

test('an InfluxDB without a token or of another protocol is a fault', () => {
  assert.throws(() => influx({ TWINHUB_INFLUX_URL: 'https://influx:8086' }), /TWINHUB_INFLUX_TOKEN/);
  assert.throws(
    () => influx({ TWINHUB_INFLUX_URL: 'udp://influx:8089', TWINHUB_INFLUX_TOKEN: 't' }),
    /TWINHUB_INFLUX_URL/,
  );
});

test('DuckDB needs no settings and takes path, memory and threads', () => {
  assert.deepEqual(duckDb({}), { path: '/data/telemetry.duckdb', memoryLimitMb: 512, threads: 2 });
  const env = {
    TWINHUB_DUCKDB_PATH: '/x.duckdb',
    TWINHUB_DUCKDB_MEMORY_MB: '128',
    TWINHUB_DUCKDB_THREADS: '4',
  };
  assert.deepEqual(duckDb(env), { path: '/x.duckdb', memoryLimitMb: 128, threads: 4 });
  assert.throws(
    () => duckDb({ TWINHUB_DUCKDB_MEMORY_MB: '1', TWINHUB_DUCKDB_THREADS: 'two' }),
    /MEMORY_MB[^]*THREADS/,
  );
});
