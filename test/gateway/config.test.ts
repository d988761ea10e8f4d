import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigReader } from '#kernel/config.ts';
import { isHubError } from '#kernel/errors.ts';
import { readGatewayConfig } from '#gateway/config.ts';

test('without settings the gateway listens on this machine only', () => {
  const reader = new ConfigReader({});
  const config = readGatewayConfig(reader);
  reader.finish('TWINHUB_');
  assert.deepEqual([config.host, config.port, config.requestTimeoutMs], ['127.0.0.1', 4000, 30_000]);
  assert.deepEqual(config.allowedHosts, ['localhost', '127.0.0.1', '[::1]']);
  assert.ok(Object.isFrozen(config) && Object.isFrozen(config.limits));
});

test('names and origins are taken from lists', () => {
  const env = {
    TWINHUB_HOST: '::',
    TWINHUB_ALLOWED_HOSTS: 'Hub.Example, hub',
    TWINHUB_ALLOWED_ORIGINS: 'https://a.example,http://b:81',
  };
  const config = readGatewayConfig(new ConfigReader(env));
  assert.deepEqual(config.allowedHosts, ['localhost', '127.0.0.1', '[::1]', '[::]', 'hub.example', 'hub']);
  assert.deepEqual(config.allowedOrigins, ['https://a.example', 'http://b:81']);
});

test('wrong settings are reported together', () => {
  const reader = new ConfigReader({
    TWINHUB_PORT: '70000',
    TWINHUB_ALLOWED_ORIGINS: 'a.example/',
    TWINHUB_MAX_QUERY_DEPTH: 'deep',
  });
  readGatewayConfig(reader);
  assert.throws(
    () => reader.finish('TWINHUB_'),
    (error) =>
      isHubError(error, 'CONFIG_INVALID') &&
      ['TWINHUB_PORT', 'TWINHUB_ALLOWED_ORIGINS', 'TWINHUB_MAX_QUERY_DEPTH'].every((name) =>
        error.message.includes(name),
      ),
  );
});
