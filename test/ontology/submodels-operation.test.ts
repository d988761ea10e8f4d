import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SubmodelElement } from '#ontology/aas/environment.ts';
import { readCarbonFootprint } from '#ontology/aas/submodels/carbon-footprint.ts';
import { readMaintenance } from '#ontology/aas/submodels/maintenance.ts';
import { readPredictiveMaintenance } from '#ontology/aas/submodels/predictive-maintenance.ts';
import { readReliability } from '#ontology/aas/submodels/reliability.ts';
import { readTimeSeries } from '#ontology/aas/submodels/time-series.ts';
import { ids, list, mlp, prop, scope, smc, submodel, valueOf } from './submodels-support.ts';

describe('time series', () => {
  const series = 'https://admin-shell.io/idta/TimeSeries';
  const record = (time: SubmodelElement, value?: string) =>
    smc('Record00', `${series}/Record/1/1`, [time, prop('pressure', 'urn:p', value, 'xs:double')]);
  const build = (
    time: (text?: string) => SubmodelElement,
    texts: readonly string[],
    start = '2026-01-01T00:00:00Z',
  ) =>
    submodel('urn:ts', 'TimeSeries', `${series}/1/1`, [
      smc('Metadata', `${series}/Metadata/1/1`, [record(time())]),
      smc('Segments', `${series}/Segments/1/1`, [
        smc('InternalSegment', `${series}/Segments/InternalSegment/1/1`, [
          prop('StartTime', `${series}/Segment/StartTime/1/1`, start),
          prop('SamplingInterval', `${series}/Segment/SamplingInterval/1/1`, '2', 'xs:long'),
          smc(
            'Records',
            `${series}/Records/1/1`,
            texts.map((text, i) => record(time(text), String(i))),
          ),
        ]),
        smc('LinkedSegment', `${series}/Segments/LinkedSegment/1/1`, [
          prop('Endpoint', `${series}/Endpoint/1/1`, 'https://influx.example'),
          prop('Query', `${series}/Query/1/1`, 'q'),
          prop('SamplingRate', `${series}/Segment/SamplingRate/1/1`, '4', 'xs:long'),
        ]),
      ]),
    ]);
  const base = Date.UTC(2026, 0, 1);
  const cases: readonly (readonly [
    kind: string,
    texts: readonly string[],
    unit: string | null,
    expected: number[],
  ])[] = [
    ['UtcTime', ['2026-01-01T00:00:01Z', '2026-01-01T00:00:02.5'], null, [1000, 2500]],
    ['TaiTime', ['2026-01-01T00:00:38Z'], null, [1000]],
    ['RelativePointInTime', ['1', '3'], null, [1000, 3000]],
    ['RelativePointInTime', ['1500'], 'ms', [1500]],
    ['RelativePointInTime', ['PT1M0.5S'], null, [60_500]],
    ['RelativeTimeDuration', ['1', '2', '2'], null, [1000, 3000, 5000]],
  ];
  for (const [kind, texts, unit, expected] of cases)
    test(`with ${kind} ${texts.join(', ')}${unit ? ` in ${unit}` : ''} give records at the right times`, () => {
      const time = (text?: string) => prop('Time', `${series}/${kind}/1/1`, text);
      const at = scope(unit ? { 'Metadata.Record00.Time': unit } : {});
      const read = readTimeSeries(build(time, texts), '', at);
      assert.deepEqual(
        read.segments[0]?.records.map((one) => [one.time - base, one.values['pressure']]),
        expected.map((ms, i) => [ms, i]),
      );
      assert.deepEqual(at.found, []);
    });

  test('give variables, sampling and where the records are', () => {
    const time = (text?: string) => prop('Time', `${series}/UtcTime/1/1`, text);
    const at = scope({ 'Metadata.Record00.pressure': 'bar' });
    const { variables, samplingPeriodMs, segments } = readTimeSeries(build(time, ['never']), '', at);
    assert.deepEqual(
      variables.map(({ name, valueType, unit }) => [name, valueType, unit]),
      [['pressure', 'number', 'bar']],
    );
    assert.equal(samplingPeriodMs, 250);
    assert.deepEqual(
      segments.map(({ kind, endpoint, query, records }) => [kind, endpoint, query, records.length]),
      [
        ['INTERNAL', null, null, 0],
        ['LINKED', 'https://influx.example', 'q', 0],
      ],
    );
    assert.equal(at.found.length, 1);
    assert.match(at.found[0] ?? '', /^hub:recordsNotRead /);
  });
});

test('a carbon footprint gives PCF and TCF in both versions', () => {
  const footprint = 'https://admin-shell.io/idta/CarbonFootprint';
  const old = submodel('urn:c', 'C', `${footprint}/CarbonFootprint/0/9`, [
    smc('ProductCarbonFootprint', `${footprint}/ProductCarbonFootprint/0/9`, [
      prop('PCFCalculationMethod', '0173-1#02-ABG854#002', 'GHG Protocol'),
      prop('PCFCO2eq', '0173-1#02-ABG855#001', '17.2', 'xs:double'),
      prop('PCFLifeCyclePhase', '0173-1#02-ABG858#001', 'A1'),
    ]),
    smc('TransportCarbonFootprint', `${footprint}/TransportCarbonFootprint/0/9`, [
      prop('TCFCO2eq', '0173-1#02-ABG860#001', '5.3', 'xs:double'),
    ]),
  ]);
  const current = submodel('urn:c', 'C', `${footprint}/CarbonFootprint/1/0`, [
    list('ProductCarbonFootprints', `${footprint}/ProductCarbonFootprints/1/0`, 'SubmodelElementCollection', [
      smc(null, `${footprint}/ProductCarbonFootprint/1/0`, [
        list('PcfCalculationMethods', `${footprint}/PcfCalculationMethods/1/0`, 'Property', [
          prop(null, '0173-1#02-ABG854#003', 'GHG Protocol'),
        ]),
        prop('PcfCO2eq', '0173-1#02-ABG855#003', '17.2', 'xs:decimal'),
        list('LifeCyclePhases', `${footprint}/LifeCyclePhases/1/0`, 'Property', [
          prop(null, '0173-1#02-ABG858#003', 'A1'),
        ]),
      ]),
    ]),
  ]);
  for (const one of [old, current]) {
    const { footprints, properties } = readCarbonFootprint(one, '', scope());
    const [product] = footprints;
    assert.deepEqual([product?.kind, product?.co2eq], ['PRODUCT', 17.2]);
    assert.deepEqual([product?.calculationMethods, product?.phases], [['GHG Protocol'], ['A1']]);
    assert.equal(valueOf(properties, 'carbonFootprint.product'), 17.2);
  }
  assert.equal(valueOf(readCarbonFootprint(old, '', scope()).properties, 'carbonFootprint.transport'), 5.3);
});

test('maintenance instructions give a plan with hours', () => {
  const m = 'https://admin-shell.io/idta/maintenanceinstructions';
  const { instructions, maintenanceFree, spareParts } = readMaintenance(
    submodel('urn:m', 'M', 'https://admin-shell.io/idta/SubmodelTemplate/MaintenanceInstructions/1/0', [
      prop('MaintenanceFreeAsset', `${m}/maintenancefreeasset/1/0`, 'false', 'xs:boolean'),
      smc(
        'MaintenanceInstructionsForSpecificInterval01',
        `${m}/maintenanceinstructionsforspecificinterval/1/0`,
        [
          smc('BasicMaintenanceInformation', `${m}/basicmaintenanceinformation/1/0`, [
            prop('MaintenanceID', `${m}/maintenanceid/1/0`, 'M1'),
            smc('IntervalSpecification', '0173-1#02-AAN911#001', [
              prop('MaintenanceIntervalValue', `${m}/maintenanceintervalvalue/1/0`, '2', 'xs:decimal'),
              prop('MaintenanceIntervalUnit', `${m}/maintenanceintervalunit/1/0`, 'weeks'),
            ]),
          ]),
          smc('MaintenanceTechnicians', `${m}/maintenancetechnicians/1/0`, [
            prop('NumberOfRequiredTechnicians', `${m}/numberofrequiredtechnicians/1/0`, '2', 'xs:decimal'),
            smc('EstimatedTotalWorkingTime', `${m}/estimatedtotalworkingtime/1/0`, [
              prop(
                'ValueTotalEstimatedWorkingTime',
                `${m}/valuetotalestimatedworkingtime/1/0`,
                '90',
                'xs:decimal',
              ),
              prop(
                'UnitValueTotalEstimatedWorkingTime',
                `${m}/unitvaluetotalestimatedworkingtime/1/0`,
                'MIN',
              ),
            ]),
          ]),
          smc('ListMaintenanceSteps', `${m}/listmaintenancesteps/1/0`, [
            smc('MaintenanceStep__01__', `${m}/maintenancestep/1/0`, [
              mlp('MaintenanceStepName', `${m}/maintenancestepname/1/0`, { en: 'Grease' }),
            ]),
          ]),
        ],
      ),
      list('MaintenanceSparePartList', `${m}/maintenancesparepartlist/1/0`, 'SubmodelElementCollection', [
        smc(null, 'htthttps://admin-shell.io/idta/maintenanceinstructions/maintenancesparepart/1/0', [
          prop('SparePartID', `${m}/sparepartid/1/0`, 'BRG-1'),
        ]),
      ]),
    ]),
    '',
    scope(),
  );
  const [first] = instructions;
  assert.deepEqual(
    [first?.id, first?.interval, first?.intervalHours, first?.technicians, first?.workHours],
    ['M1', { value: 2, unit: 'weeks' }, 336, 2, 1.5],
  );
  assert.deepEqual(
    first?.steps.map(({ name }) => name),
    ['Grease'],
  );
  assert.deepEqual([maintenanceFree, spareParts], [false, [{ id: 'BRG-1', name: null }]]);
});

test('reliability gives MTTF, MTBF and B10', () => {
  const { sets, properties } = readReliability(
    submodel('urn:r', 'Reliability', 'https://admin-shell.io/idta/iec62683/1/0/Reliability', [
      smc('ReliabilityCharacteristics', '0112/2///62683#ACG080#001', [
        prop('MTBF', '0112/2///62683#ACE062#001', '40000', 'xs:int'),
        prop('B10', 'https://admin-shell.io/idta/Reliability/B10/1/0', '2000000', 'xs:int'),
      ]),
    ]),
    '',
    scope(),
  );
  assert.deepEqual(sets, [{ mttf: null, mtbf: 40_000, b10: 2_000_000 }]);
  const mtbf = properties.find(({ name }) => name === 'reliability.mtbf');
  assert.deepEqual([mtbf?.value, mtbf?.unit], [40_000, 'h']);
});

test('predictive maintenance gives the remaining useful life, in hours where it is a time', () => {
  const p = 'https://admin-shell.io/idta/PredictiveMaintenance';
  const life = (value: string, unit: string) =>
    readPredictiveMaintenance(
      submodel('urn:p', 'P', 'https://admin-shell.io/idta/SubmodelTemplate/PredictiveMaintenance/1/0', [
        smc('RemainingUsefulLifePrediction', `${p}/RemainingUsefulLifePrediction/1/0`, [
          {
            modelType: 'Entity',
            idShort: 'RemainingUsefulLifetime',
            ...ids(`${p}/RemainingUsefulLifetime/1/0`),
            statements: [
              prop('DurationValue', `${p}/DurationValue/1/0`, value, 'xs:double'),
              prop('EngineeringUnit', `${p}/EngineeringUnit/1/0`, unit),
            ],
          },
          { modelType: 'Range', idShort: 'ConfidenceInterval', valueType: 'xs:double', min: '8', max: '12' },
        ]),
      ]),
      '',
      scope(),
    );
  assert.deepEqual(life('10', 'days').remainingUsefulLife, {
    indicationType: null,
    value: 10,
    unit: 'days',
    hours: 240,
    endOfLife: null,
    confidence: { low: 8, high: 12 },
  });
  assert.equal(life('1000', 'cycles').remainingUsefulLife?.hours, null);
});
