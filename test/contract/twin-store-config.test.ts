import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readNeo4jConfig } from '#connectors/neo4j/index.ts';
import { ConfigReader, type Env } from '#kernel/config.ts';
import { isHubError } from '#kernel/errors.ts';

function read(env: Env) {
  const reader = new ConfigReader(env);
  const config = readNeo4jConfig(reader);
  reader.finish('TWINHUB_NEO4J_');
  return config;
}

test('without an address there is no Neo4j', () => assert.equal(read({}), null));

test('an address and a password suffice', () => {
  assert.deepEqual(read({ TWINHUB_NEO4J_URL: 'neo4j+s://db.example', TWINHUB_NEO4J_PASSWORD: 's' }), {
    url: 'neo4j+s://db.example',
    user: 'neo4j',
    password: 's',
    database: 'neo4j',
  });
});

test('every fault of the settings is named, the password never shown', () => {
  const env = {
    TWINHUB_NEO4J_URL: 'http://db',
    TWINHUB_NEO4J_DATABASE: 'a b',
    TWINHUB_NEO4J_PASSWORD: 'geheim',
    TWINHUB_NEO4J_PORT: '1',
  };
  assert.throws(
    () => read(env),
    (error) => {
      assert.ok(isHubError(error, 'CONFIG_INVALID'));
      for (const name of ['TWINHUB_NEO4J_URL', 'TWINHUB_NEO4J_DATABASE', 'TWINHUB_NEO4J_PORT'])
        assert.match(error.message, new RegExp(name));
      assert.doesNotMatch(error.message, /geheim/);
      return true;
    },
  );
  assert.throws(() => read({ TWINHUB_NEO4J_URL: 'bolt://db' }), /TWINHUB_NEO4J_PASSWORD/);
});
