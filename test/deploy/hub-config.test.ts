import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHubConfig } from '#deploy/config.ts';

const operatorsWith = (env: Readonly<Record<string, string>>) =>
  readHubConfig({ TWINHUB_TENANT: 'plant', ...env }, '/').gateway.telemetry.operatorTenants;

test('the own tenant operates a hub with the local identity, and nobody one with a provider unless named', () => {
  const oidc = {
    TWINHUB_OIDC_ISSUER: 'https://id.example',
    TWINHUB_OIDC_CLIENT_ID: 'hub',
    TWINHUB_OIDC_AUDIENCE: 'hub',
    TWINHUB_PUBLIC_URL: 'https://hub.example',
  };
  assert.deepEqual(operatorsWith({}), ['plant']);
  assert.deepEqual(operatorsWith({ TWINHUB_OPERATOR_TENANTS: 'ops' }), ['ops']);
  assert.deepEqual(operatorsWith(oidc), []);
});
