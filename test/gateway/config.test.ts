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

test('without settings the guards are on, with limits that ordinary use does not meet', () => {
  const { guards, telemetry, limits, maxBatch } = readGatewayConfig(new ConfigReader({}));
  assert.equal(guards.introspection, 'signed-in');
  assert.equal(guards.queryPlans, 'permitted');
  assert.deepEqual(guards.trustedDocuments, { mode: 'off', manifests: [] });
  assert.ok(guards.cost.perOperation > 0 && guards.cost.perTenant.amount > guards.cost.perOperation);
  assert.ok(guards.rates.perPrincipal.amount > 0 && guards.rates.perTenant.amount > 0);
  assert.deepEqual([telemetry.tracing, telemetry.metrics, telemetry.metricsToken], [null, 'permitted', null]);
  assert.deepEqual([limits.directives, maxBatch], [200, 10]);
});

test('manifests are a list, and words that are no modes are faults', () => {
  const { guards } = readGatewayConfig(
    new ConfigReader({
      TWINHUB_TRUSTED_DOCUMENTS: 'enforce',
      TWINHUB_TRUSTED_DOCUMENT_FILES: 'a.json, b.json',
    }),
  );
  assert.deepEqual(guards.trustedDocuments, { mode: 'enforce', manifests: ['a.json', 'b.json'] });
  const reader = new ConfigReader({ TWINHUB_TRUSTED_DOCUMENTS: 'on', TWINHUB_INTROSPECTION: 'yes' });
  readGatewayConfig(reader);
  assert.throws(
    () => reader.finish(),
    (error) => isHubError(error, 'CONFIG_INVALID') && error.message.includes('has 2 fault(s)'),
  );
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
