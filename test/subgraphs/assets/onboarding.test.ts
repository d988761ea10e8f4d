import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TwinInput } from '#ontology/twin.ts';
import { classModels, modelIdOf, templateOf } from '#ontology/asset-classes/index.ts';
import { parseTwinId } from '#ontology/ids.ts';
import { contextOf, createFixture, demo, other } from './support.ts';

const mutation = `mutation ($input: OnboardAssetInput!) {
  onboardAsset(input: $input) {
    twin { twinId name kind parent { twinId } model { modelId } children { twinId kind } signals { name unit }
      failureModes { failureModeId progression { course pfIntervalHours { low high } } } }
    twinIds created
    readiness { assetClass score ready detectable missing { code severity subject message } }
    errors { code path }
  }
}`;

async function fixture() {
  const made = createFixture();
  const models = [...classModels().values()];
  const site: TwinInput = {
    id: parseTwinId('CELL-1'),
    kind: 'CELL',
    name: 'Cell',
    modelId: modelIdOf(templateOf('motor') ?? assert.fail()),
    parentId: null,
    properties: {},
  };
  await made.twins.apply(demo, { models, twins: [site] });
  const onboard = async (input: Record<string, unknown>, context = contextOf(demo)) => {
    const { data, errors } = await made.run(mutation, { input }, context);
    assert.equal(errors, undefined);
    return data.onboardAsset;
  };
  return { ...made, onboard };
}

const pump = { assetClass: 'pump', twinId: 'P-102', name: 'Pump 102', parentTwinId: 'CELL-1' };

test('onboarding a pump makes it with its parts, signals and failure modes', async () => {
  const { onboard, changes } = await fixture();
  const told: string[] = [];
  changes.listen(({ twinId }) => void told.push(twinId));
  const answer = await onboard({ ...pump, overrides: { criticality: 'A', motor: { ratedPower: 18.5 } } });
  assert.deepEqual(answer.errors, []);
  assert.deepEqual(answer.twinIds, ['P-102', 'P-102.motor', 'P-102.bearing-de', 'P-102.bearing-nde']);
  // Four twins and three relationships; the models are stored already.
  assert.equal(answer.created, 7);
  const { twin } = answer;
  assert.deepEqual(
    [twin.twinId, twin.name, twin.kind, twin.parent.twinId, twin.model.modelId],
    ['P-102', 'Pump 102', 'ASSET', 'CELL-1', 'dtmi:twinhub:class:Pump;1'],
  );
  assert.deepEqual(
    twin.children.map((child: { twinId: string }) => child.twinId),
    ['P-102.bearing-de', 'P-102.bearing-nde', 'P-102.motor'],
  );
  assert.ok(
    twin.signals.some(({ name, unit }: { name: string; unit: string }) => name === 'flow' && unit === 'm3/h'),
  );
  const wear = twin.failureModes.find(
    (mode: { failureModeId: string }) => mode.failureModeId === 'pump.bearing-wear',
  );
  assert.deepEqual(wear.progression, { course: 'ACCELERATING', pfIntervalHours: { low: 300, high: 2000 } });
  assert.equal(answer.readiness.ready, true);
  assert.deepEqual(
    answer.readiness.missing.map(({ code }: { code: string }) => code),
    ['BEARING_WITHOUT_GEOMETRY', 'NO_MAINTENANCE_PLAN', 'NO_SERIAL_NUMBER'],
  );
  assert.deepEqual(told.sort(), [...answer.twinIds].sort());
});

test('a dry run changes nothing and tells what would be made and be missing', async () => {
  const { onboard, twins } = await fixture();
  const answer = await onboard({ ...pump, parentTwinId: null, dryRun: true });
  assert.deepEqual([answer.twin, answer.created, answer.twinIds.length, answer.errors], [null, 0, 4, []]);
  const codes = answer.readiness.missing.map(({ code }: { code: string }) => code);
  assert.ok(codes.includes('NO_PARENT') && codes.includes('NO_CRITICALITY'));
  assert.deepEqual(await twins.twins(demo, [parseTwinId('P-102')]), [null]);
});

test('what cannot be onboarded is refused with its place, and nothing is written', async () => {
  const { onboard, twins } = await fixture();
  const cases: readonly (readonly [Record<string, unknown>, string, string])[] = [
    [{ ...pump, assetClass: 'rocket' }, 'NOT_FOUND', 'input/assetClass'],
    [{ ...pump, parentTwinId: 'NOWHERE' }, 'NOT_FOUND', 'input/parentTwinId'],
    [{ ...pump, twinId: 'CELL-1' }, 'ALREADY_EXISTS', 'input/twinId'],
    [{ ...pump, twinId: 'P 102' }, 'INVALID_ID', 'input'],
    [{ ...pump, name: ' ' }, 'INVALID_INPUT', 'input/name'],
    [{ ...pump, overrides: { colour: 'red' } }, 'INVALID_INPUT', 'overrides/colour'],
    [{ ...pump, overrides: [] }, 'INVALID_INPUT', 'input/overrides'],
  ];
  for (const [input, code, path] of cases) {
    const { errors, twin } = await onboard(input);
    assert.deepEqual([errors[0]?.code, errors[0]?.path.join('/'), twin], [code, path, null]);
  }
  const denied = await onboard(pump, contextOf(demo, ['operator']));
  assert.equal(denied.errors[0]?.code, 'FORBIDDEN');
  assert.deepEqual(await twins.twins(demo, [parseTwinId('P-102')]), [null]);
});

test('readiness of a twin is asked for on the twin, and tenants see their own only', async () => {
  const { onboard, run } = await fixture();
  await onboard({ ...pump, withoutParts: ['bearing-de', 'bearing-nde'] });
  const query = `{ twinByTwinId(twinId: "P-102") { readiness { assetClass ready missing { code subject } } } }`;
  const { data } = await run(query);
  assert.deepEqual(
    data.twinByTwinId.readiness.missing.map(({ code, subject }: { code: string; subject: string | null }) => [
      code,
      subject,
    ]),
    [
      ['PART_MISSING', 'bearing-de'],
      ['PART_MISSING', 'bearing-nde'],
      ['NO_CRITICALITY', null],
      ['NO_MAINTENANCE_PLAN', null],
      ['NO_SERIAL_NUMBER', null],
    ],
  );
  assert.equal((await run(query, {}, contextOf(other))).data.twinByTwinId, null);
});

test('asset classes tell what is expected of them', async () => {
  const { run } = await fixture();
  const { data, errors } = await run(`{ assetClasses { assetClass displayName kind modelId
    signals { name unit needed range { low high } samplingPeriodMs } parts { id assetClass displayName }
    failureModes { failureModeId } maintenance { name intervalHours } kpis { mtbfHours availability health { watch } } } }`);
  assert.equal(errors, undefined);
  const classes: { assetClass: string; failureModes: unknown[] }[] = data.assetClasses;
  assert.ok(classes.length >= 8);
  assert.deepEqual(
    classes.filter(({ failureModes }) => failureModes.length === 0).map(({ assetClass }) => assetClass),
    [],
  );
});
