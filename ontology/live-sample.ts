import type { TenantId } from './ids.ts';
import type { SignalSample } from './sample.ts';

/** A sample at the moment the hub got it, handed on within the process before it is stored. */
export interface LiveSample extends SignalSample {
  readonly tenant: TenantId;
  /** Counts all samples of this process, from 1, without a gap: order of arrival. */
  readonly sequence: number;
}
