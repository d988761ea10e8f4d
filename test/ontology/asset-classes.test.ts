import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isHubError } from '#kernel/errors.ts';
import {
  assetClassOf,
  assetClassTemplates,
  classDocument,
  classModels,
  instantiateTemplate,
  modelIdOf,
  readinessOf,
  templateOf,
  type AssetClassTemplate,
  type InstanceRequest,
} from '#ontology/asset-classes/index.ts';
import { failureModesOf } from '#ontology/failure-modes/index.ts';
import { noLookups, planImport } from '#ontology/import.ts';
import type { SignalContent } from '#ontology/model.ts';
import { parseTwinId } from '#ontology/ids.ts';
import { lineageIn } from '#ontology/twin-graph.ts';
import { areConvertible, isKnownUnit } from '#ontology/units.ts';
import { contentsOf } from '#ontology/verify-twin.ts';

const template = (assetClass: string): AssetClassTemplate => {
  const found = templateOf(assetClass);
  assert.ok(found, assetClass);
  return found;
};
const signalsOf = (assetClass: string): SignalContent[] =>
  [...contentsOf(lineageIn(modelIdOf(template(assetClass)), classModels()) ?? []).values()].filter(
    (content) => content.kind === 'signal',
  );
const request = (changes: Partial<InstanceRequest> = {}): InstanceRequest => ({
  id: 'P-102',
  name: 'Pump 102',
  parentId: parseTwinId('CELL-1'),
  overrides: {},
  withoutParts: [],
  ...changes,
});

describe('the templates', () => {
  test('are there for the classes asked for, with failure modes, signals, maintenance and KPIs', () => {
    const wanted = ['pump', 'motor', 'compressor', 'conveyor', 'fan', 'gearbox', 'chiller', 'spindle'];
    for (const assetClass of wanted) {
      const { signals, kpis, maintenance } = template(assetClass);
      assert.ok(signals.length >= 2 && maintenance.length >= 1, assetClass);
      assert.ok(failureModesOf(assetClass).length >= 2, assetClass);
      assert.ok(kpis.mtbfHours > 0 && kpis.availability > 0.5 && kpis.availability <= 1, assetClass);
      const { watch, warning, critical } = kpis.health;
      assert.ok(watch > warning && warning > critical && critical > 0, assetClass);
    }
    assert.equal(templateOf('constructor'), null);
  });

  test('name units that the hub knows, ranges that make sense, and parts whose class has a template', () => {
    for (const { assetClass, signals, properties, parts } of assetClassTemplates) {
      for (const { unit, range, name } of signals) {
        assert.ok(unit === null || isKnownUnit(unit), `${assetClass} ${name}`);
        assert.ok(range === null || range.low < range.high, `${assetClass} ${name}`);
      }
      for (const { unit } of properties) assert.ok(unit === null || isKnownUnit(unit), assetClass);
      for (const part of parts) assert.ok(templateOf(part.assetClass), `${assetClass} ${part.id}`);
      assert.equal(new Set(signals.map(({ name }) => name)).size, signals.length);
    }
  });

  test('are DTDL 3 that imports without a finding', async () => {
    const content = JSON.stringify(classDocument(assetClassTemplates));
    const { ok, findings, changes } = await planImport(
      [{ name: 'c.json', standard: 'DTDL', content }],
      noLookups,
    );
    assert.ok(ok);
    assert.deepEqual(findings, []);
    assert.deepEqual(
      new Map(changes.models.map((model) => [model.id as string, model.contents])),
      new Map([...classModels()].map(([id, model]) => [id, model.contents])),
    );
    assert.equal(classModels().size, assetClassTemplates.length + 2);
  });

  test('give their models the signals they expect, in the same units', () => {
    for (const { assetClass, signals } of assetClassTemplates) {
      const declared = new Map(signalsOf(assetClass).map((content) => [content.name, content]));
      assert.equal(declared.size, signals.length, assetClass);
      for (const { name, unit, range, samplingPeriodMs } of signals) {
        const content = declared.get(name);
        assert.equal(content?.unit ?? null, unit, `${assetClass} ${name}`);
        assert.deepEqual(content?.range ?? null, range);
        assert.equal(content?.samplingPeriodMs, samplingPeriodMs);
      }
    }
  });
});

describe('the class of a twin', () => {
  test('is what its property says, else what its model stands for', () => {
    const pump = lineageIn(modelIdOf(template('pump')), classModels()) ?? [];
    assert.equal(assetClassOf({ assetClass: 'fan' }, pump), 'fan');
    assert.equal(assetClassOf({}, pump), 'pump');
    assert.equal(assetClassOf({}, [{ id: 'dtmi:own:Pump;4' }, ...pump]), 'pump');
    assert.equal(assetClassOf({}, [{ id: 'dtmi:twinhub:plant:CentrifugalPump;1' }]), 'pump');
    assert.equal(assetClassOf({ assetClass: '' }, [{ id: 'dtmi:own:Thing;1' }]), null);
  });
});

describe('an instance of a template', () => {
  test('is the asset with its parts below it, deterministic, with the models it needs', () => {
    const made = instantiateTemplate(template('pump'), request(), classModels());
    assert.deepEqual(
      made.twins.map(({ id, kind, modelId, parentId }) => [id, kind, modelId, parentId]),
      [
        ['P-102', 'ASSET', 'dtmi:twinhub:class:Pump;1', 'CELL-1'],
        ['P-102.motor', 'COMPONENT', 'dtmi:twinhub:class:Motor;1', 'P-102'],
        ['P-102.bearing-de', 'COMPONENT', 'dtmi:twinhub:class:Bearing;1', 'P-102'],
        ['P-102.bearing-nde', 'COMPONENT', 'dtmi:twinhub:class:Bearing;1', 'P-102'],
      ],
    );
    assert.deepEqual(
      made.changes.relationships.map(({ name, sourceId, targetId }) => [name, sourceId, targetId]),
      ['motor', 'bearing-de', 'bearing-nde'].map((part) => ['hasPart', 'P-102', `P-102.${part}`]),
    );
    const ids = made.changes.models.map(({ id }) => id);
    for (const model of made.changes.models) for (const base of model.extends) assert.ok(ids.includes(base));
    assert.deepEqual(instantiateTemplate(template('pump'), request(), classModels()), made);
  });

  test('takes values for itself and its parts, and leaves parts out', () => {
    const overrides = { criticality: 'A', ratedFlow: 60, motor: { ratedPower: 18.5, name: 'Drive' } };
    const { twins } = instantiateTemplate(
      template('pump'),
      request({ overrides, withoutParts: ['bearing-de', 'bearing-nde'] }),
      classModels(),
    );
    assert.deepEqual(
      twins.map(({ id, name }) => [id, name]),
      [
        ['P-102', 'Pump 102'],
        ['P-102.motor', 'Drive'],
      ],
    );
    assert.deepEqual(
      [
        twins[0]?.properties['criticality'],
        twins[0]?.properties['ratedFlow'],
        twins[1]?.properties['ratedPower'],
      ],
      ['A', 60, 18.5],
    );
  });

  test('refuses what no model declares, and names the place', () => {
    const cases: readonly (readonly [Partial<InstanceRequest>, string])[] = [
      [{ overrides: { colour: 'red' } }, 'overrides/colour'],
      [{ overrides: { ratedFlow: 'much' } }, 'overrides/ratedFlow'],
      [{ overrides: { motor: { ratedPower: 'much' } } }, 'overrides/motor/ratedPower'],
      [{ overrides: { motor: 5 } }, 'overrides/motor'],
      [{ withoutParts: ['wheel'] }, 'withoutParts'],
    ];
    for (const [changes, path] of cases)
      assert.throws(
        () => instantiateTemplate(template('pump'), request(changes), classModels()),
        (error) =>
          isHubError(error, 'INVALID_INPUT') && (error.details['path'] as string[]).join('/') === path,
        path,
      );
    assert.throws(
      () => instantiateTemplate(template('pump'), request({ id: 'P 102' }), classModels()),
      (error) => isHubError(error, 'INVALID_ID'),
    );
  });
});

describe('readiness', () => {
  const base = {
    assetClass: 'pump',
    template: template('pump'),
    parentId: 'CELL-1',
    properties: { criticality: 'A', serialNumber: 'S', 'maintenance.plan': [{}] },
    signals: signalsOf('pump'),
    signalsAround: ['current', 'windingTemperature'],
    parts: ['motor', 'bearing', 'bearing'].map((assetClass) => ({
      assetClass,
      properties: { ballDiameter: 20 } as Record<string, unknown>,
    })),
    failureModes: failureModesOf('pump'),
    newestSamples: null,
    now: 10_000_000,
  };
  const missing = (changes: Partial<Parameters<typeof readinessOf>[0]>) =>
    readinessOf({ ...base, ...changes }).missing.map(({ code, subject }) =>
      `${code} ${subject ?? ''}`.trim(),
    );

  test('is complete when everything is there', () => {
    const found = readinessOf(base);
    assert.deepEqual(found.missing, []);
    assert.deepEqual([found.score, found.ready, found.assetClass], [100, true, 'pump']);
    assert.deepEqual(
      found.detectable,
      failureModesOf('pump').map(({ id }) => id),
    );
  });

  test('names missing signals, and the failure modes nobody would notice without them', () => {
    const without = (...names: string[]) => base.signals.filter(({ name }) => !names.includes(name));
    const found = readinessOf({ ...base, signals: without('flow', 'dischargePressure') });
    assert.equal(found.ready, false);
    assert.ok(found.score < 100);
    const codes = found.missing.map(({ code, subject }) => `${code} ${subject}`);
    for (const line of [
      'SIGNAL_MISSING flow',
      'SIGNAL_MISSING dischargePressure',
      'FAILURE_MODE_NOT_DETECTABLE pump.seal-leak',
      'FAILURE_MODE_NOT_DETECTABLE pump.impeller-wear',
    ])
      assert.ok(codes.includes(line), line);
    assert.ok(!found.detectable.includes('pump.seal-leak'));
    assert.ok(readinessOf({ ...base, signals: without('power') }).ready);
  });

  test('names wrong units and signals without a range', () => {
    const changed = (name: string, changes: Partial<SignalContent>) =>
      base.signals.map((content) => (content.name === name ? { ...content, ...changes } : content));
    assert.deepEqual(missing({ signals: changed('flow', { unit: 'kg/h' }) }), ['SIGNAL_UNIT flow']);
    assert.deepEqual(missing({ signals: changed('flow', { unit: null }) }), ['SIGNAL_UNIT flow']);
    assert.ok(areConvertible('L/min', 'm3/h'));
    assert.deepEqual(missing({ signals: changed('flow', { unit: 'L/min' }) }), []);
    assert.deepEqual(missing({ signals: changed('flow', { range: null }) }), ['SIGNAL_WITHOUT_RANGE flow']);
  });

  test('names signals whose samples never came or stopped coming', () => {
    const fresh = new Map(base.signals.map(({ name }) => [name, base.now - 1000]));
    assert.deepEqual(missing({ newestSamples: fresh }), []);
    const some = new Map(fresh);
    some.delete('flow');
    some.set('speed', base.now - 3_600_000);
    assert.deepEqual(missing({ newestSamples: some }).sort(), [
      'SAMPLES_STALE speed',
      'SIGNAL_WITHOUT_SAMPLES flow',
    ]);
  });

  test('names missing parts, place, criticality, plan and nameplate', () => {
    assert.deepEqual(missing({ parts: base.parts.slice(0, 2) }), ['PART_MISSING bearing-nde']);
    assert.deepEqual(missing({ parts: base.parts.map((part) => ({ ...part, properties: {} })) }), [
      'BEARING_WITHOUT_GEOMETRY',
    ]);
    assert.deepEqual(missing({ parentId: null, properties: {} }), [
      'NO_PARENT',
      'NO_CRITICALITY',
      'NO_MAINTENANCE_PLAN',
      'NO_SERIAL_NUMBER',
    ]);
    assert.deepEqual(
      missing({
        properties: { criticality: 'B', 'nameplate.serialNumber': '1', 'maintenance.maintenanceFree': true },
      }),
      [],
    );
  });

  test('says so when nothing tells what it is, or there is no template', () => {
    const nothing = { template: null, failureModes: [], parts: [] };
    const unknown = readinessOf({ ...base, ...nothing, assetClass: null });
    assert.deepEqual(
      unknown.missing.map(({ code }) => code),
      ['NO_CLASS'],
    );
    assert.equal(unknown.ready, false);
    assert.deepEqual(missing({ ...nothing, assetClass: 'filler' }), ['NO_TEMPLATE']);
  });
});
