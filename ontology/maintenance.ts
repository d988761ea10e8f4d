/**
 * What the maintenance workflow asks of other systems and what it hears back, in the hub's own words. The connectors
 * translate to and from the fields of SAP PM, MES and WMS. A command goes over `hub.cmd` with its `type` as routing
 * key, an event over `hub.evt` likewise; `key` of both messages is the workflow id.
 */
import type { TwinId } from './ids.ts';
import type { Finding, Severity } from './recommendation.ts';

/** Material for a repair. `quantity` in `unit` (UCUM). */
export interface PartDemand {
  readonly product: string;
  readonly description: string;
  readonly quantity: number;
  readonly unit: string;
}

/** What people approve: exactly this is hashed and bound to each approval. Times RFC 3339. */
export interface MaintenancePlan {
  readonly twinId: TwinId;
  readonly recommendationId: string;
  readonly failureModeId: string;
  readonly action: string;
  readonly priority: Severity;
  readonly workHours: number;
  readonly needsStop: boolean;
  readonly parts: readonly PartDemand[];
  /** The work has to be done between these. */
  readonly earliestStart: string;
  readonly latestEnd: string;
  readonly comment: string;
}

/** SAP PM catalogue codes of the damage. */
export interface DamageCodes {
  readonly damageGroup: string;
  readonly damage: string;
  readonly objectPartGroup: string;
  readonly objectPart: string;
  readonly cause: string;
}

interface Common {
  readonly workflowId: string;
}

export interface CreateNotification extends Common {
  readonly type: 'erp.createNotification';
  /** SAP equipment number (property `equipmentNumber` of the twin). */
  readonly equipment: string;
  readonly functionalLocation: string;
  /** At most 40 characters are carried as short text. */
  readonly text: string;
  readonly longText: string;
  readonly priority: Severity;
  readonly codes: DamageCodes;
  readonly malfunctionStart: string;
  readonly requiredEnd: string;
  readonly reportedBy: string;
}

export interface CreateOrder extends Common {
  readonly type: 'erp.createOrder';
  readonly notification: string;
  readonly equipment: string;
  readonly functionalLocation: string;
  readonly text: string;
  readonly priority: Severity;
  readonly workHours: number;
  readonly parts: readonly PartDemand[];
  readonly basicStart: string;
  readonly basicEnd: string;
}

export interface ReleaseOrder extends Common {
  readonly type: 'erp.releaseOrder';
  readonly order: string;
}

/** Final confirmation of the work, then technical completion (TECO). */
export interface CompleteOrder extends Common {
  readonly type: 'erp.completeOrder';
  readonly order: string;
  readonly notification: string;
  readonly actualWorkHours: number;
  readonly actualStart: string;
  readonly actualEnd: string;
  readonly text: string;
}

export interface ReserveParts extends Common {
  readonly type: 'wms.reserveParts';
  readonly order: string;
  readonly parts: readonly PartDemand[];
  readonly requiredAt: string;
}

/** Goods issue against the reservation (movement type 261). */
export interface IssueParts extends Common {
  readonly type: 'wms.issueParts';
  readonly order: string;
  readonly reservation: string;
}

export interface CancelReservation extends Common {
  readonly type: 'wms.cancelReservation';
  readonly reservation: string;
}

export interface RequestWindow extends Common {
  readonly type: 'mes.requestWindow';
  readonly equipment: string;
  readonly order: string;
  readonly durationHours: number;
  readonly needsStop: boolean;
  readonly earliestStart: string;
  readonly latestEnd: string;
}

export interface DispatchJob extends Common {
  readonly type: 'mes.dispatchJob';
  readonly equipment: string;
  readonly order: string;
  readonly failureModeId: string;
  readonly action: string;
  readonly start: string;
  readonly end: string;
}

export interface CancelJob extends Common {
  readonly type: 'mes.cancelJob';
  readonly order: string;
}

/** Asks analytics whether the repair shows in the telemetry. */
export interface VerifyRepair extends Common {
  readonly type: 'analytics.verifyRepair';
  readonly twinId: TwinId;
  readonly recommendationId: string;
  readonly repairedAt: string;
}

export type MaintenanceCommand =
  | CreateNotification
  | CreateOrder
  | ReleaseOrder
  | CompleteOrder
  | ReserveParts
  | IssueParts
  | CancelReservation
  | RequestWindow
  | DispatchJob
  | CancelJob
  | VerifyRepair;

/** The other system said no and will not change its mind by itself. */
export interface Refused extends Common {
  readonly type: 'erp.refused' | 'wms.refused' | 'mes.refused';
  /** The command it refused. */
  readonly command: MaintenanceCommand['type'];
  /** The system's own code, e.g. SAP message class and number `IM/035`. */
  readonly code: string;
  readonly reason: string;
}

export type MaintenanceEvent =
  | (Common & { readonly type: 'erp.notificationCreated'; readonly notification: string })
  | (Common & {
      readonly type: 'erp.orderCreated';
      readonly order: string;
      readonly reservation: string | null;
      readonly systemStatus: string;
    })
  | (Common & { readonly type: 'erp.orderReleased'; readonly order: string; readonly systemStatus: string })
  | (Common & { readonly type: 'erp.orderCompleted'; readonly order: string; readonly systemStatus: string })
  | (Common & { readonly type: 'wms.partsReserved'; readonly reservation: string })
  | (Common & {
      readonly type: 'wms.partsShort';
      readonly product: string;
      readonly missing: number;
      readonly expectedAt: string | null;
    })
  | (Common & { readonly type: 'wms.partsIssued'; readonly materialDocument: string })
  | (Common & { readonly type: 'wms.reservationCancelled'; readonly reservation: string })
  | (Common & { readonly type: 'mes.windowGranted'; readonly start: string; readonly end: string })
  | (Common & {
      readonly type: 'mes.windowRefused';
      readonly reason: string;
      readonly nextPossibleStart: string | null;
    })
  | (Common & { readonly type: 'mes.jobStarted'; readonly jobOrderId: string; readonly startedAt: string })
  | (Common & {
      readonly type: 'mes.jobEnded';
      readonly jobOrderId: string;
      readonly startedAt: string;
      readonly endedAt: string;
      readonly workHours: number;
      readonly performedBy: string;
      readonly text: string;
    })
  | (Common & { readonly type: 'mes.jobAborted'; readonly jobOrderId: string; readonly reason: string })
  | (Common & { readonly type: 'mes.jobCancelled'; readonly order: string })
  | (Common & {
      readonly type: 'analytics.repairVerified';
      readonly passed: boolean;
      readonly text: string;
      readonly findings: readonly Finding[];
      readonly observedFrom: string;
      readonly observedTo: string;
    })
  | Refused;

/** Raised by analytics over `hub.evt`, routing key = type; starts a workflow. `body` of the message. */
export interface RecommendationRaised {
  readonly type: 'analytics.recommendationRaised';
  readonly recommendationId: string;
}

/** Told by workflows over `hub.evt`, routing key = type; analytics updates the recommendation and learns. */
export interface RecommendationSettled {
  readonly type: 'workflows.recommendationSettled';
  readonly recommendationId: string;
  readonly twinId: TwinId;
  readonly failureModeId: string;
  readonly status: 'ACCEPTED' | 'DISMISSED' | 'RESOLVED';
  readonly feedback: 'CONFIRMED' | 'FALSE_ALARM' | 'ACTION_TAKEN' | 'UNKNOWN' | null;
  readonly comment: string;
}
