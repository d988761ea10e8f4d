import type { ConfigReader } from '#kernel/config.ts';
import type { TenantId } from '#ontology/ids.ts';
import { vibrationClasses, type VibrationClass } from './detect/iso10816.ts';
import { defaultDetectorOptions, type DetectorOptions } from './detect/options.ts';

/** Settings of analytics. Times in ms of real time. */
export interface AnalyticsConfig {
  readonly tenants: readonly TenantId[];
  readonly detector: DetectorOptions;
  /** Class of ISO 10816-1 for machines without `vibrationClass` and `ratedPower`. @default II */
  readonly vibrationClass: VibrationClass;
  /** No sample of an asset for this long: nothing can be said about it. @default 30_000 */
  readonly staleAfterMs: number;
  /** How often new and changed twins are looked for. @default 15_000 */
  readonly refreshMs: number;
  /** How often what was learned is stored. @default 5_000 */
  readonly saveMs: number;
  /** Good running rounds a check after a repair looks at. @default 60 */
  readonly verificationSamples: number;
  /** By then a check is answered in any case. @default 900_000 */
  readonly verificationDeadlineMs: number;
}

/** Settings as they are without any environment. */
export function defaultAnalyticsConfig(tenants: readonly TenantId[]): AnalyticsConfig {
  return {
    tenants,
    detector: defaultDetectorOptions,
    vibrationClass: 'II',
    staleAfterMs: 30_000,
    refreshMs: 15_000,
    saveMs: 5_000,
    verificationSamples: 60,
    verificationDeadlineMs: 15 * 60_000,
  };
}

/**
 * Reads TWINHUB_ANALYTICS_BASELINE_SAMPLES, _VERIFICATION_SAMPLES, _VERIFICATION_DEADLINE_MS, _STALE_AFTER_MS and
 * _VIBRATION_CLASS.
 */
export function readAnalyticsConfig(reader: ConfigReader, tenants: readonly TenantId[]): AnalyticsConfig {
  const base = defaultAnalyticsConfig(tenants);
  const integer = (name: string, standard: number, min: number, max: number) =>
    reader.integer(`TWINHUB_ANALYTICS_${name}`, { default: standard, min, max });
  return {
    ...base,
    detector: {
      ...base.detector,
      baselineSamples: integer('BASELINE_SAMPLES', base.detector.baselineSamples, 30, 10_000),
    },
    vibrationClass: reader.oneOf('TWINHUB_ANALYTICS_VIBRATION_CLASS', {
      default: base.vibrationClass,
      values: vibrationClasses,
    }),
    staleAfterMs: integer('STALE_AFTER_MS', base.staleAfterMs, 1_000, 86_400_000),
    verificationSamples: integer('VERIFICATION_SAMPLES', base.verificationSamples, 10, 100_000),
    verificationDeadlineMs: integer(
      'VERIFICATION_DEADLINE_MS',
      base.verificationDeadlineMs,
      1_000,
      7 * 86_400_000,
    ),
  };
}
