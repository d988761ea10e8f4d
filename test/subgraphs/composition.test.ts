import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { buildSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import { composeSupergraph } from '#gateway/compose.ts';

const subgraphs = ['assets', 'telemetry', 'analytics', 'workflows'].map((name) => ({
  name,
  sdl: readFileSync(new URL(`../../subgraphs/${name}/schema.graphql`, import.meta.url), 'utf8'),
}));

test('the four subgraphs compose without hints', () => {
  const { supergraphSdl, hints } = composeSupergraph(subgraphs);
  assert.match(supergraphSdl, /type Twin/);
  assert.deepEqual(hints, []);
});

test('every mutation takes one input and gives a payload with errors', () => {
  for (const { name, sdl } of subgraphs) {
    const schema = buildSchema(sdl, { assumeValid: true, assumeValidSDL: true });
    for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
      assert.deepEqual(
        field.args.map((arg) => arg.name),
        ['input'],
        `${name}: ${field.name}`,
      );
      const payload = schema.getType(String(field.type).replace(/[[\]!]/g, ''));
      assert.ok(
        isObjectType(payload) && 'errors' in payload.getFields(),
        `${name}: ${field.name} has no errors in its payload`,
      );
    }
  }
});

test('every object, interface and input type is described where it is not a page or an edge', () => {
  const bare: string[] = [];
  for (const { name, sdl } of subgraphs) {
    const schema = buildSchema(sdl, { assumeValid: true, assumeValidSDL: true });
    for (const type of Object.values(schema.getTypeMap())) {
      const own = isObjectType(type) || isInterfaceType(type) || isInputObjectType(type) || isEnumType(type);
      if (
        own &&
        !type.name.startsWith('__') &&
        !/(Connection|Edge|Payload|Input|PageInfo)$|^(Query|Mutation|Subscription)$/.test(type.name) &&
        !type.description
      )
        bare.push(`${name}: ${type.name}`);
    }
  }
  const described = new Set([
    'Twin',
    'Signal',
    'FailureMode',
    'Recommendation',
    'UserError',
    'PartDemand',
    'Severity',
    'FeedbackVerdict',
    'RecommendationStatus',
    'HealthState',
  ]);
  assert.deepEqual(
    bare.filter((one) => !described.has(one.split(': ')[1] ?? '')),
    [],
  );
});
