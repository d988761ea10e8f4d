/** Shapes of what operations.ts asks for. Times are RFC 3339 texts. */
export interface Sample {
  readonly value: unknown;
  readonly number: number | null;
  readonly unit: string | null;
  readonly quality: 'GOOD' | 'UNCERTAIN' | 'BAD';
  readonly status: string | null;
  readonly sourceTime: string | null;
  readonly receivedTime: string;
}

export interface SignalView {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly description?: string | null;
  readonly unit: string | null;
  readonly valueType: string;
  readonly samplingPeriodMs: number | null;
  readonly range?: { readonly low: number; readonly high: number } | null;
  readonly latest: Sample | null;
}

export type HealthState = 'NORMAL' | 'WATCH' | 'WARNING' | 'CRITICAL' | 'UNKNOWN';

export interface Finding {
  readonly text: string;
  readonly unit: string | null;
  readonly observed: number;
  readonly expected: number;
  readonly comparedWith: string;
  readonly deviation: number | null;
  readonly since: string;
  readonly confidence: number;
  /** Null while the store of the twins is away. */
  readonly signal: { readonly id: string; readonly name: string; readonly displayName: string } | null;
}

export interface HealthView {
  readonly state: HealthState;
  readonly score: number | null;
  readonly assessedAt: string;
  readonly findings: readonly Finding[];
}

/** A place in the plant above the assets. */
export interface Place {
  readonly id: string;
  readonly twinId: string;
  readonly name: string;
  readonly kind: string;
  readonly parent: { readonly id: string } | null;
}

export interface OverviewAsset extends Place {
  readonly signals: readonly SignalView[];
  readonly health: HealthView | null;
  readonly workflows: readonly (WorkflowCore & { readonly recommendation: { readonly title: string } })[];
}

export interface FoundTwin {
  readonly id: string;
  readonly twinId: string;
  readonly name: string;
  readonly kind: string;
  readonly ancestors: readonly { readonly name: string }[];
}

export interface PlantLink {
  readonly name: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly state: 'CONNECTING' | 'ONLINE' | 'INTERRUPTED' | 'CLOSED';
  readonly since: string;
  readonly reason: string | null;
  readonly mappedSignals: number;
  readonly samplesReceived: number;
}

export interface RecommendationView {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly confidence: number;
  readonly status: string;
  readonly since: string;
  readonly raisedAt: string;
  readonly detector: string;
  readonly feedback?: string | null;
  readonly failureMode: {
    readonly name: string;
    readonly description: string;
    readonly mode: string;
    readonly mechanism: { readonly code: string; readonly text: string };
    readonly cause: { readonly code: string; readonly text: string };
  } | null;
  readonly alternatives: readonly {
    readonly confidence: number;
    readonly failureMode: { readonly name: string } | null;
  }[];
  readonly findings: readonly Finding[];
  readonly workflow?: WorkflowCore | null;
}

export interface WorkflowCore {
  readonly id: string;
  readonly workflowId: string;
  readonly state: string;
  readonly attention: string | null;
  readonly allowedActions: readonly string[];
  readonly approvalsRequired: number;
  readonly version: number;
  readonly startedAt: string;
  readonly updatedAt: string;
}

export interface PlanView {
  readonly action: string;
  readonly priority: string;
  readonly workHours: number;
  readonly needsStop: boolean;
  readonly earliestStart: string;
  readonly latestEnd: string;
  readonly comment: string;
  readonly hash: string;
  readonly parts: readonly {
    readonly product: string;
    readonly description: string;
    readonly quantity: number;
    readonly unit: string;
  }[];
}

export interface ApprovalView {
  readonly by: string;
  readonly decision: string;
  readonly comment: string;
  readonly at: string;
  readonly valid: boolean;
}

export interface InboxItem extends WorkflowCore {
  /** Null while the store of the twins is away. */
  readonly twin: {
    readonly twinId: string;
    readonly name: string;
    readonly health: { readonly state: HealthState } | null;
  } | null;
  readonly recommendation: RecommendationView;
  readonly plan: PlanView | null;
  readonly approvals: readonly ApprovalView[];
}

export interface WorkflowStep {
  readonly sequence: number;
  readonly at: string;
  readonly event: string;
  readonly from: string;
  readonly to: string;
  readonly by: string;
  readonly text: string;
}

export interface ExchangedMessage {
  readonly messageId: string;
  readonly direction: 'OUT' | 'IN';
  readonly system: string;
  readonly type: string;
  readonly body: unknown;
  readonly at: string;
}

export interface WorkflowView extends InboxItem {
  readonly workOrder: Readonly<Record<string, string | null>> | null;
  readonly verification: {
    readonly passed: boolean;
    readonly text: string;
    readonly observedFrom: string;
    readonly observedTo: string;
  } | null;
  readonly feedback: {
    readonly verdict: string;
    readonly comment: string;
    readonly by: string;
    readonly at: string;
  } | null;
  readonly history: readonly WorkflowStep[];
  readonly messages: readonly ExchangedMessage[];
}

export interface AssetView {
  readonly id: string;
  readonly twinId: string;
  readonly name: string;
  readonly kind: string;
  readonly ancestors: readonly { readonly twinId: string; readonly name: string; readonly kind: string }[];
  readonly children: readonly {
    readonly twinId: string;
    readonly name: string;
    readonly kind: string;
    readonly properties: readonly { readonly name: string; readonly value: unknown }[];
    readonly signals: readonly SignalView[];
  }[];
  readonly model: {
    readonly modelId: string;
    readonly displayName: string;
    readonly standard: string;
    readonly standardVersion: string;
    readonly description: string | null;
  } | null;
  readonly properties: readonly {
    readonly name: string;
    readonly displayName: string;
    readonly value: unknown;
    readonly unit: string | null;
  }[];
  readonly relationships: readonly {
    readonly name: string;
    readonly target: { readonly twinId: string; readonly name: string };
  }[];
  readonly incoming: readonly {
    readonly name: string;
    readonly source: { readonly twinId: string; readonly name: string };
  }[];
  readonly signals: readonly SignalView[];
  readonly health: HealthView | null;
  readonly healthHistory: readonly {
    readonly at: string;
    readonly from: HealthState;
    readonly to: HealthState;
    readonly reason: string | null;
  }[];
  readonly recommendations: readonly RecommendationView[];
  readonly workflows: readonly (WorkflowCore & { readonly history: readonly WorkflowStep[] })[];
}

export interface Viewer {
  readonly name: string;
  readonly personId: string;
  readonly tenant: string;
  readonly roles: readonly string[];
  readonly sessionExpiresAt: string;
}

export interface StepResult {
  readonly result: {
    readonly workflow: { readonly id: string } | null;
    readonly errors: readonly { readonly code: string; readonly message: string; readonly advice: string }[];
  };
}
