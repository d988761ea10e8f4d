import type { Quality } from '#ontology/sample.ts';

/** A value as it came over the wire, in plain JavaScript. */
export interface RawValue {
  /** Name of the built-in type, e.g. `Double`, `Int64`. @see OPC 10000-6, 5.1.2 */
  readonly type: string;
  /** Scalar or array (also typed array); 64-bit integers as bigint, LocalizedText as its text, `null` when none came. */
  readonly value: unknown;
  readonly quality: Quality;
  /** Symbolic status, e.g. `Good`, `UncertainSensorNotAccurate`. */
  readonly status: string;
  /** Epoch ms UTC, `null` when absent. */
  readonly sourceTime: number | null;
  readonly serverTime: number | null;
}

/** What was asked to be watched and could not be. */
export interface MonitorFailure {
  readonly index: number;
  /** Symbolic status, e.g. `BadNodeIdUnknown`. */
  readonly status: string;
}

/** A session with a subscription; ends once and does not come back. */
export interface OpcUaLink {
  /** Resolves, with the reason, when the connection, session or subscription is gone. */
  readonly lost: Promise<string>;
  /** When the server last sent anything for the subscription, by the given clock. */
  lastHeard(): number;
  /** Watches nodes and hands over every value; `index` is the position in `nodeIds`. */
  monitor(
    nodeIds: readonly string[],
    onValue: (index: number, raw: RawValue) => void,
  ): Promise<readonly MonitorFailure[]>;
  /** Ends within about `timeoutMs`, whether or not the server answers. */
  close(timeoutMs: number): Promise<void>;
}

/** Own certificate and those of servers, trusted and rejected; one for all sessions of a link. */
export interface CertificateStore {
  readonly folder: string;
  close(): Promise<void>;
}

/** Where and how to connect. Times in ms. */
export interface LinkOptions {
  readonly endpoint: string;
  readonly securityMode: string;
  readonly securityPolicy: string;
  readonly user: string | null;
  readonly password: string | null;
  readonly certificates: CertificateStore;
  readonly publishingIntervalMs: number;
  readonly samplingIntervalMs: number;
  readonly queueSize: number;
  readonly livenessTimeoutMs: number;
  readonly now: () => number;
}
