import type { Closable } from '#kernel/lifecycle.ts';
import type { TenantId } from '../ids.ts';
import type { SignalSample } from '../sample.ts';

/** How a link to a plant is. */
export const linkStates = ['CONNECTING', 'ONLINE', 'INTERRUPTED', 'CLOSED'] as const;
export type LinkState = (typeof linkStates)[number];

/** A link to a plant at one moment. */
export interface LinkStatus {
  readonly name: string;
  readonly protocol: string;
  /** Address without secrets. */
  readonly endpoint: string;
  readonly state: LinkState;
  /** Epoch ms: since when it is in this state. */
  readonly since: number;
  /** Why it is not online, in words; `null` when it is. */
  readonly reason: string | null;
  readonly mappedSignals: number;
  readonly samplesReceived: number;
}

/** Takes what a plant sends. `samples` are in the units of the models. Must not throw. */
export type SampleSink = (tenant: TenantId, samples: readonly SignalSample[]) => void;

/** A link to a plant that delivers samples until closed and comes back by itself after an interruption. */
export interface FieldDevice extends Closable {
  status(): LinkStatus;
  /** Called at each change of state until the returned function is called. */
  onStatus(listener: (status: LinkStatus) => void): () => void;
}
