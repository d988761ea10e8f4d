import type { FailureMode } from '#ontology/failure-mode.ts';
import type { TenantId, TwinId } from '#ontology/ids.ts';
import type { SignalContent } from '#ontology/model.ts';
import type { BearingGeometry } from './bearing.ts';
import type { VibrationClass } from './iso10816.ts';

/** An asset (or a component with signals of its own) as the detector sees it. */
export interface WatchedAsset {
  readonly tenant: TenantId;
  readonly twinId: TwinId;
  readonly assetClass: string | null;
  readonly signals: readonly SignalContent[];
  readonly failureModes: readonly FailureMode[];
  /** Bearings with known geometry. */
  readonly bearings: readonly { readonly twinId: TwinId; readonly geometry: BearingGeometry }[];
  readonly vibrationClass: VibrationClass;
  /** Key of the truth value that says whether it runs; `null` when there is none and it counts as always running. */
  readonly runningKey: string | null;
}
