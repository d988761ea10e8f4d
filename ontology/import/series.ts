import type { ReadShell } from '../aas/index.ts';
import type { TimeSeries } from '../aas/submodels/index.ts';
import type { FindingSink } from '../import-finding.ts';
import type { SignalContent } from '../model.ts';
import { areConvertible, convert } from '../units.ts';
import { contentsOf } from '../verify-twin.ts';
import type { ImportDraft, TwinDraft } from './draft.ts';
import { understand } from './understood.ts';

/** A value that came with a model, to be stored in the telemetry store. */
export interface PlannedSample {
  readonly twinId: TwinDraft['id'];
  readonly signal: string;
  readonly value: number | boolean | string;
  /** UCUM code: that of the signal. */
  readonly unit: string | null;
  /** Epoch ms UTC. */
  readonly time: number;
}

/**
 * Gathers the samples of the internal segments of a shell's time series. A variable that the twin's own model declares as a
 * signal is converted to that signal's unit; segments elsewhere are reported.
 */
export function planSeries(shell: ReadShell, twin: TwinDraft, sink: FindingSink, draft: ImportDraft): void {
  const own = contentsOf(draft.lineage(twin.modelId));
  for (const submodel of shell.submodels) {
    const series = understand(submodel, sink).known?.timeSeries;
    if (!series) continue;
    reportElsewhere(series, sink);
    for (const variable of series.variables) {
      const declared = own.get(variable.name);
      if (declared && declared.kind !== 'signal') {
        sink.warn(
          'hub:seriesNameTaken',
          variable.pointer,
          `${twin.id} has a ${declared.kind} ${variable.name}; the series is kept in the source.`,
        );
        continue;
      }
      const unit = declared?.unit ?? variable.unit;
      if (!converts(variable.unit, declared)) {
        sink.warn(
          'hub:seriesUnit',
          variable.pointer,
          `${variable.name} is in ${variable.unit}, the signal of ${twin.id} in ${unit}; its records are kept in the source.`,
        );
        continue;
      }
      draft.samples.push(...samplesOf(series, variable.name, variable.unit, unit, twin));
    }
  }
}

function converts(unit: string | null, declared: SignalContent | undefined): boolean {
  if (!declared || unit === null || declared.unit === null || unit === declared.unit) return true;
  return areConvertible(unit, declared.unit);
}

function reportElsewhere({ segments }: TimeSeries, sink: FindingSink): void {
  for (const { kind, idShort, pointer } of segments)
    if (kind !== 'INTERNAL')
      sink.warn(
        'hub:segmentElsewhere',
        pointer,
        `The records of ${idShort} are in ${kind === 'LINKED' ? 'another system' : 'a file'}; the signals are there, their values are not imported.`,
      );
}

function samplesOf(
  { segments }: TimeSeries,
  signal: string,
  from: string | null,
  unit: string | null,
  twin: TwinDraft,
): PlannedSample[] {
  return segments.flatMap(({ records }) =>
    records.flatMap(({ time, values }) => {
      const value = values[signal];
      if (value === undefined) return [];
      const converted =
        typeof value === 'number' && from !== null && unit !== null ? convert(value, from, unit) : value;
      return [{ twinId: twin.id, signal, value: converted, unit, time }];
    }),
  );
}
