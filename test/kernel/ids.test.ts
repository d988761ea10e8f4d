import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isHubError } from '#kernel/errors.ts';
import {
  formatGlobalId,
  localIdFor,
  parseGlobalId,
  parseSignalId,
  parseTenantId,
  parseTwinId,
} from '#ontology/ids.ts';
import { matchesTopic } from '#ontology/message.ts';

const tenant = parseTenantId('demo');

test('a global id comes back as its parts, and no other text does', () => {
  const id = formatGlobalId('Signal', tenant, 'P-101/velocityRms');
  assert.deepEqual(parseGlobalId(id), { type: 'Signal', tenant: 'demo', local: 'P-101/velocityRms' });
  for (const bad of ['', 'P-101', `${id}=`, Buffer.from('Nothing:demo:x').toString('base64url')])
    assert.throws(
      () => parseGlobalId(bad),
      (error) => isHubError(error, 'INVALID_ID'),
      bad,
    );
  assert.throws(() => parseGlobalId(id, 'Twin'), /of a Twin, not of a Signal/);
});

test("another tenant's id does not exist", () => {
  assert.equal(localIdFor(formatGlobalId('Twin', parseTenantId('other'), 'P-101'), 'Twin', tenant), null);
  assert.equal(localIdFor(formatGlobalId('Twin', tenant, 'P-101'), 'Twin', tenant), 'P-101');
});

test('identifiers of a wrong form are refused with what is allowed', () => {
  for (const bad of ['', 'a b', 'x'.repeat(129), 'ä']) assert.throws(() => parseTwinId(bad), /allowed is/);
  for (const bad of ['', 'Demo', '-x', 'x'.repeat(64)]) assert.throws(() => parseTenantId(bad), /allowed is/);
  for (const bad of ['P-101', '/x', 'P-101/', 'P-101/9x'])
    assert.throws(() => parseSignalId(bad), /TWIN\/NAME/);
});

test('topic patterns match as in AMQP', () => {
  const cases: [string, string, boolean][] = [
    ['erp.#', 'erp.createOrder', true],
    ['erp.#', 'erp', true],
    ['erp.*', 'erp.a.b', false],
    ['ext.*.created', 'ext.sap.created', true],
    ['#.created', 'a.b.created', true],
    ['erp.#', 'wms.erp', false],
    ['#', 'a.b', true],
  ];
  for (const [pattern, key, expected] of cases)
    assert.equal(matchesTopic(pattern, key), expected, `${pattern} ${key}`);
});
