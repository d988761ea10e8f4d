import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { bodyOf, startGateway } from './support.ts';

test('the id of a trusted document puts nothing under a hash of the caller', async (t) => {
  const { url } = await startGateway(t, {
    deps: { trustedDocuments: [{ id: 'mine', text: '{ whoami }' }] },
  });
  const send = async (body: object) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { authorization: 'Bearer ada', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { data, errors } = await bodyOf(response);
    return { data, code: errors?.[0].extensions.code };
  };
  const query = '{ ping }';
  const sha256Hash = createHash('sha256').update(query).digest('hex');
  const extensions = { persistedQuery: { version: 1, sha256Hash } };
  assert.deepEqual((await send({ documentId: 'mine', extensions })).data, { whoami: 'ada' });
  assert.equal((await send({ extensions })).code, 'PERSISTED_QUERY_NOT_FOUND');
  assert.deepEqual((await send({ query, extensions })).data, { ping: 'pong' });
  await send({ documentId: 'mine', extensions });
  assert.deepEqual((await send({ extensions })).data, { ping: 'pong' });
});
