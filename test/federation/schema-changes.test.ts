import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { buildSchema } from 'graphql';
import { composeSupergraph } from '#gateway/compose.ts';
import { compareSchemas, compareSupergraphs } from '#gateway/supergraph/schema-changes.ts';
import { ownSubgraphs } from '#deploy/commands/compose.ts';

const earlier = `
  type Query { pump(id: ID!): Pump old: Int @deprecated(reason: "use pump") gone: Int }
  type Pump { id: ID! name: String! state: State }
  enum State { ON OFF BROKEN @deprecated(reason: "use OFF") }
  input Filter { text: String }`;

function changesTo(later: string): string[] {
  return compareSchemas(buildSchema(earlier), buildSchema(later)).map(
    ({ severity, type, message }) => `${severity} ${type}: ${message}`,
  );
}

test('removals and stricter inputs break, announced removals and new enum values are dangerous, the rest is safe', () => {
  assert.deepEqual(
    changesTo(`
      type Query { pump(id: ID!, site: ID!): Pump newest: Pump }
      type Pump { id: ID! name: String state: State @deprecated(reason: "use mode") mode: State }
      enum State { ON OFF IDLE }
      input Filter { text: String exact: Boolean }
      type Valve { id: ID! }`),
    [
      'breaking FIELD_REMOVED: Query.gone was removed.',
      'breaking REQUIRED_ARG_ADDED: A required arg site on Query.pump was added.',
      'breaking FIELD_CHANGED_KIND: Pump.name changed type from String! to String.',
      'dangerous FIELD_REMOVED: Query.old was removed.',
      'dangerous VALUE_REMOVED_FROM_ENUM: BROKEN was removed from enum type State.',
      'dangerous VALUE_ADDED_TO_ENUM: IDLE was added to enum type State.',
      'dangerous OPTIONAL_INPUT_FIELD_ADDED: An optional field exact on input type Filter was added.',
      'safe ADDED: Query.newest was added.',
      'safe ADDED: Pump.mode was added.',
      'safe ADDED: Filter.exact was added.',
      'safe ADDED: Valve was added.',
      'safe DEPRECATED: Pump.state is deprecated now.',
    ].sort((a, b) => order(a) - order(b)),
  );
});

test('a schema compared with itself has no changes', () => {
  assert.deepEqual(changesTo(earlier), []);
});

test('the schema of today breaks nothing of the released one', () => {
  const released = readFileSync(new URL('../../docs/schema/supergraph.graphql', import.meta.url), 'utf8');
  const { supergraphSdl } = composeSupergraph(ownSubgraphs());
  const breaking = compareSupergraphs(released, supergraphSdl).filter(
    ({ severity }) => severity === 'breaking',
  );
  assert.deepEqual(
    breaking.map(({ message }) => message),
    [],
    'npx twinhub schema check says more; npx twinhub schema release keeps a schema as released',
  );
});

function order(line: string): number {
  return ['breaking', 'dangerous', 'safe'].findIndex((word) => line.startsWith(word));
}
