import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { formatGlobalId } from '#ontology/ids.ts';
import { contextOf, createFixture, demo, other, type Answer } from './support.ts';

describe('the assets subgraph answers queries', () => {
  const { run, loadDemo } = createFixture();
  const pumpId = formatGlobalId('Twin', demo, 'P-101');

  before(async () => loadDemo(demo));

  test('a twin comes with model, place in the hierarchy, relationships, values and signals', async () => {
    const { data, errors } = await run(`{
      twinByTwinId(twinId: "P-101") {
        id name kind revision createdAt
        model { modelId displayName bases { modelId } contents { kind name unit declaredBy } }
        parent { twinId } ancestors { twinId kind } children { twinId kind parent { twinId } }
        out: relationships { name target { twinId } properties }
        in: relationships(direction: IN) { relationshipId name source { twinId } }
        properties { name displayName value unit }
        signals(names: ["velocityRms", "envelopeSpectrum", "nothing"]) { id name unit valueType quantity range { low high } samplingPeriodMs twin { twinId } }
        signal(name: "flow") { displayName unit description }
        failureModes { failureModeId mode mechanism { code text } remedies { action parts { product } } }
      }
    }`);
    assert.equal(errors, undefined);
    const twin = data.twinByTwinId;
    assert.equal(twin.id, pumpId);
    assert.equal(twin.kind, 'ASSET');
    assert.equal(twin.createdAt, '2027-01-15T08:00:00.000Z');
    assert.equal(twin.model.modelId, 'dtmi:twinhub:plant:CentrifugalPump;1');
    assert.deepEqual(twin.model.bases, [{ modelId: 'dtmi:twinhub:isa95:Asset;1' }]);
    assert.ok(
      twin.model.contents.some(
        (content: Answer) =>
          content.name === 'criticality' && content.declaredBy === 'dtmi:twinhub:isa95:Asset;1',
      ),
    );
    assert.deepEqual(
      twin.ancestors.map((ancestor: Answer) => ancestor.twinId),
      ['PLANT-1', 'UTILITIES', 'UTIL-CELL'],
    );
    assert.deepEqual(
      twin.children.map((child: Answer) => child.twinId),
      ['P-101.bearing-de', 'P-101.bearing-nde', 'P-101.motor'],
    );
    assert.ok(
      twin.out.some(
        (link: Answer) =>
          link.name === 'feeds' &&
          link.target.twinId === 'CH-101' &&
          link.properties.medium === 'cooling water',
      ),
    );
    assert.ok(twin.in.some((link: Answer) => link.name === 'drives' && link.source.twinId === 'P-101.motor'));
    const values = new Map(twin.properties.map((property: Answer) => [property.name, property]));
    assert.deepEqual(values.get('TechnicalData.TechnicalProperties.RatedFlow'), {
      name: 'TechnicalData.TechnicalProperties.RatedFlow',
      displayName: 'Rated flow',
      value: 80,
      unit: 'm3/h',
    });
    assert.equal((values.get('criticality') as Answer).value, 'A');
    assert.ok(![...values.keys()].some((name: Answer) => name.startsWith('$')));
    assert.deepEqual(twin.signals, [
      {
        id: formatGlobalId('Signal', demo, 'P-101/velocityRms'),
        name: 'velocityRms',
        unit: 'mm/s',
        valueType: 'number',
        quantity: 'Velocity',
        range: { low: 0, high: 30 },
        samplingPeriodMs: 1000,
        twin: { twinId: 'P-101' },
      },
      {
        id: formatGlobalId('Signal', demo, 'P-101/envelopeSpectrum'),
        name: 'envelopeSpectrum',
        unit: 'm/s2',
        valueType: 'number[]',
        quantity: null,
        range: { low: 0, high: 100 },
        samplingPeriodMs: 2000,
        twin: { twinId: 'P-101' },
      },
    ]);
    assert.deepEqual(twin.signal, { displayName: 'Flow', unit: 'm3/h', description: null });
    assert.ok(
      twin.failureModes.some(
        (mode: Answer) =>
          mode.failureModeId === 'pump.bearing-wear' && mode.remedies[0].parts[0].product === 'BRG-6311-C3',
      ),
    );
  });

  test('the signals of a part are on the part, not on the whole', async () => {
    const { data } = await run(
      '{ whole: twinByTwinId(twinId: "P-101") { signal(name: "windingTemperature") { id } } part: twinByTwinId(twinId: "P-101.motor") { signals { name unit } } }',
    );
    assert.deepEqual(data, {
      whole: { signal: null },
      part: {
        signals: [
          { name: 'current', unit: 'A' },
          { name: 'windingTemperature', unit: 'Cel' },
        ],
      },
    });
  });

  test('twins come in pages and can be filtered', async () => {
    const query =
      'query ($after: String, $filter: TwinFilter) { twins(first: 5, after: $after, filter: $filter) { nodes { twinId } pageInfo { hasNextPage hasPreviousPage endCursor } } }';
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { data }: { data: Answer } = await run(query, { after });
      seen.push(...data.twins.nodes.map((twin: Answer) => twin.twinId));
      after = data.twins.pageInfo.hasNextPage ? data.twins.pageInfo.endCursor : null;
    } while (after);
    assert.equal(seen.length, 17);
    assert.deepEqual(seen, [...seen].sort());
    const filtered = async (filter: object) =>
      (await run(query, { filter })).data.twins.nodes.map((twin: Answer) => twin.twinId);
    assert.deepEqual(await filtered({ kinds: ['AREA'] }), ['PACKAGING', 'UTILITIES']);
    assert.deepEqual(await filtered({ parentTwinId: 'UTIL-CELL' }), ['AC-101', 'CH-101', 'P-101']);
    assert.deepEqual(await filtered({ modelId: 'dtmi:twinhub:isa95:Component;1' }), [
      'P-101.bearing-de',
      'P-101.bearing-nde',
      'P-101.motor',
    ]);
    assert.deepEqual(await filtered({ text: 'CAPPER' }), ['CP-101']);
    assert.match(
      (await run('{ twins(first: 501) { nodes { id } } }')).errors?.[0]?.message ?? '',
      /1 to 500/,
    );
  });

  test('models are listed with their source', async () => {
    const { data } = await run(
      '{ models(first: 500) { nodes { modelId standard standardVersion } } model(modelId: "https://twinhub.example/submodels/P-101/nameplate/1") { id displayName source contents { name kind } } }',
    );
    assert.equal(data.models.nodes.length, 27);
    assert.equal(data.model.displayName, 'Nameplate');
    assert.equal(
      data.model.source.semanticId.keys[0].value,
      'https://admin-shell.io/idta/nameplate/3/0/Nameplate',
    );
    assert.ok(
      data.model.contents.some((content: Answer) => content.name === 'Nameplate.AddressInformation.CityTown'),
    );
  });

  test('a node of any type is found by its global id; those of other subgraphs are references', async () => {
    const ids = (
      [
        ['Twin', 'P-101'],
        ['Model', 'dtmi:twinhub:plant:Filler;1'],
        ['Signal', 'P-101/flow'],
        ['FailureMode', 'pump.cavitation'],
        ['Recommendation', 'r1'],
        ['Workflow', 'w1'],
      ] as const
    ).map(([type, local]) => formatGlobalId(type, demo, local));
    for (const id of ids) {
      const { data, errors } = await run('query ($id: ID!) { node(id: $id) { __typename id } }', { id });
      assert.equal(errors, undefined);
      assert.equal(data.node.id, id);
      assert.ok(Buffer.from(id, 'base64url').toString().startsWith(`${data.node.__typename}:`));
    }
    const unknown = formatGlobalId('Signal', demo, 'P-101/nothing');
    assert.deepEqual((await run('query ($id: ID!) { node(id: $id) { id } }', { id: unknown })).data, {
      node: null,
    });
    assert.match((await run('{ node(id: "nonsense") { id } }')).errors?.[0]?.message ?? '', /global id/);
  });

  test('entities are looked up for other subgraphs, null for what is not known', async () => {
    const representations = [
      { __typename: 'Twin', id: pumpId },
      { __typename: 'Signal', id: formatGlobalId('Signal', demo, 'P-101/flow') },
      { __typename: 'FailureMode', id: formatGlobalId('FailureMode', demo, 'pump.cavitation') },
      { __typename: 'Twin', id: formatGlobalId('Twin', demo, 'nothing') },
    ];
    const { data, errors } = await run(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Twin { twinId } ... on Signal { name twin { name } } ... on FailureMode { name } } }',
      { r: representations },
    );
    assert.equal(errors, undefined);
    assert.deepEqual(data._entities, [
      { twinId: 'P-101' },
      { name: 'flow', twin: { name: 'Cooling water pump' } },
      { name: 'Cavitation' },
      null,
    ]);
  });

  test('another tenant sees nothing, whatever ids it brings', async () => {
    const stranger = contextOf(other);
    const ids = {
      twin: pumpId,
      model: formatGlobalId('Model', demo, 'dtmi:twinhub:plant:Filler;1'),
      signal: formatGlobalId('Signal', demo, 'P-101/flow'),
      foreign: formatGlobalId('Recommendation', demo, 'r1'),
    };
    const { data, errors } = await run(
      `query ($twin: ID!, $model: ID!, $signal: ID!, $foreign: ID!, $r: [_Any!]!) {
        twin(id: $twin) { id } a: node(id: $twin) { id } b: node(id: $model) { id } c: node(id: $signal) { id } d: node(id: $foreign) { id }
        twinByTwinId(twinId: "P-101") { id } twins { nodes { id } } models { nodes { id } } model(modelId: "dtmi:twinhub:plant:Filler;1") { id }
        _entities(representations: $r) { __typename }
      }`,
      {
        ...ids,
        r: [
          { __typename: 'Twin', id: ids.twin },
          { __typename: 'Signal', id: ids.signal },
          { __typename: 'Model', id: ids.model },
        ],
      },
      stranger,
    );
    assert.equal(errors, undefined);
    assert.deepEqual(data, {
      twin: null,
      a: null,
      b: null,
      c: null,
      d: null,
      twinByTwinId: null,
      twins: { nodes: [] },
      models: { nodes: [] },
      model: null,
      _entities: [null, null, null],
    });
  });

  test('somebody without a role may not read', async () => {
    const { errors } = await run('{ twins { nodes { id } } }', {}, contextOf(demo, []));
    assert.match(errors?.[0]?.message ?? '', /read needs one of the roles/);
  });
});
