import type { LanguageTexts, ValueType } from '../../model.ts';
import type { Submodel } from '../environment.ts';
import { valueTypeOf } from '../values.ts';
import {
  childrenOf,
  elementsOf,
  idsOf,
  languageTextsOf,
  numberOf,
  pick,
  pickAll,
  textOf,
  type Placed,
  type ReadScope,
} from './elements.ts';
import { readRecords, type SeriesRecord, type TimeVariable } from './time-series-records.ts';

/** A variable of the records: it becomes a signal. */
export interface SeriesVariable {
  readonly name: string;
  readonly valueType: ValueType;
  /** UCUM code. */
  readonly unit: string | null;
  readonly semanticId: string | null;
  readonly description: LanguageTexts;
  readonly pointer: string;
}

export const segmentKinds = ['INTERNAL', 'EXTERNAL', 'LINKED'] as const;
export type SegmentKind = (typeof segmentKinds)[number];

/** A stretch of the series, and where its records are. */
export interface Segment {
  readonly kind: SegmentKind;
  readonly idShort: string;
  readonly startTime: string | null;
  readonly endTime: string | null;
  readonly recordCount: number | null;
  /** Milliseconds, from SamplingInterval or SamplingRate. */
  readonly samplingPeriodMs: number | null;
  /** LINKED: where to ask, and what. */
  readonly endpoint: string | null;
  readonly query: string | null;
  /** EXTERNAL: path of the file. */
  readonly file: string | null;
  /** INTERNAL: the records themselves. */
  readonly records: readonly SeriesRecord[];
  readonly pointer: string;
}

export interface TimeSeries {
  readonly name: LanguageTexts;
  readonly variables: readonly SeriesVariable[];
  /** The shortest sampling period of its segments, ms; `null` when none tells. */
  readonly samplingPeriodMs: number | null;
  readonly segments: readonly Segment[];
}

const segmentTerms: readonly (readonly [kind: SegmentKind, term: string, name: string])[] = [
  ['INTERNAL', 'timeSeries.internalSegment', 'InternalSegment'],
  ['EXTERNAL', 'timeSeries.externalSegment', 'ExternalSegment'],
  ['LINKED', 'timeSeries.linkedSegment', 'LinkedSegment'],
];

/** Signal names of the hub. */
const nameForm = /^[A-Za-z][A-Za-z0-9_]{0,127}$/;

/**
 * Reads Time Series Data (02008 1.1).
 * @see IDTA 02008-1-1
 */
export function readTimeSeries(submodel: Submodel, pointer: string, scope: ReadScope): TimeSeries {
  const elements = elementsOf(submodel, pointer);
  const metadata = pick(elements, 'timeSeries.metadata', 'Metadata');
  const inside = metadata ? childrenOf(metadata) : [];
  const name = inside.find(({ element }) => element.idShort === 'Name');
  const record = pick(inside, 'timeSeries.record', 'Record');
  if (!record)
    scope.report('hub:timeSeriesIncomplete', pointer, 'Metadata has no Record; the series gives no signals.');
  const { times, variables } = variablesOf(record, scope);
  const holder = pick(elements, 'timeSeries.segments', 'Segments');
  const segments = (holder ? childrenOf(holder) : []).flatMap((placed) =>
    readSegment(placed, times, variables, scope),
  );
  const periods = segments.flatMap(({ samplingPeriodMs }) => samplingPeriodMs ?? []);
  return {
    name: (name && languageTextsOf(name)) ?? {},
    variables,
    samplingPeriodMs: periods.length ? Math.min(...periods) : null,
    segments,
  };
}

function variablesOf(
  record: Placed | null,
  scope: ReadScope,
): { times: readonly TimeVariable[]; variables: readonly SeriesVariable[] } {
  const times: TimeVariable[] = [];
  const variables: SeriesVariable[] = [];
  for (const placed of record ? childrenOf(record) : []) {
    const { element, pointer, term } = placed;
    const name = element.idShort ?? '';
    if (term?.term.startsWith('time.'))
      times.push({ name, term: term.term, unit: scope.unitOf(placed.path) });
    else if (element.modelType !== 'Property' || !nameForm.test(name))
      scope.report(
        'hub:seriesVariable',
        pointer,
        `${name || 'A variable'} cannot be a signal; it is kept in the source.`,
      );
    else
      variables.push({
        name,
        valueType: valueTypeOf(element.valueType ?? 'xs:string'),
        unit: scope.unitOf(placed.path),
        semanticId: idsOf(element).main[0] ?? null,
        description: {},
        pointer,
      });
  }
  return { times, variables };
}

function readSegment(
  placed: Placed,
  times: readonly TimeVariable[],
  variables: readonly SeriesVariable[],
  scope: ReadScope,
): Segment[] {
  const kind = segmentTerms.find(([, term, name]) => pickAll([placed], term, name).length)?.[0];
  if (!kind) {
    scope.report('hub:segmentUnknown', placed.pointer, `${placed.path.at(-1)} is no segment the hub knows.`);
    return [];
  }
  const inside = childrenOf(placed);
  const text = (term: string, name: string) => {
    const found = pick(inside, term, name);
    return found && textOf(found);
  };
  const number = (term: string, name: string) => {
    const found = pick(inside, term, name);
    return found && numberOf(found, scope);
  };
  const file = inside.find(({ element }) => element.modelType === 'File');
  const startTime = text('segment.startTime', 'StartTime');
  const holder = kind === 'INTERNAL' ? pick(inside, 'timeSeries.records', 'Records') : null;
  return [
    {
      kind,
      idShort: placed.path.at(-1) ?? '',
      startTime,
      endTime: text('segment.endTime', 'EndTime'),
      recordCount: number('segment.recordCount', 'RecordCount'),
      samplingPeriodMs: periodOf(inside, scope),
      endpoint: text('segment.endpoint', 'Endpoint'),
      query: text('segment.query', 'Query'),
      file: file ? textOf(file) : null,
      records: holder ? readRecords(childrenOf(holder), times, variables, startTime, scope) : [],
      pointer: placed.pointer,
    },
  ];
}

/** SamplingInterval is in seconds unless its data specification has a unit of time; SamplingRate is in hertz. */
function periodOf(inside: readonly Placed[], scope: ReadScope): number | null {
  const interval = pick(inside, 'segment.samplingInterval', 'SamplingInterval');
  const seconds = interval && numberOf(interval, scope);
  if (interval && seconds !== null && seconds > 0) {
    const unit = scope.unitOf(interval.path);
    return unit === 'ms' ? seconds : seconds * (unit === 'min' ? 60_000 : unit === 'us' ? 1e-3 : 1000);
  }
  const rate = pick(inside, 'segment.samplingRate', 'SamplingRate');
  const hertz = rate && numberOf(rate, scope);
  return hertz !== null && hertz > 0 ? 1000 / hertz : null;
}
