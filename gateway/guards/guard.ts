import { getOperationAST, type DocumentNode, type OperationTypeNode } from 'graphql';
import { HubError } from '#kernel/errors.ts';
import { isAllowed, type Principal } from '#ontology/principal.ts';
import type { DocumentStore } from '../documents.ts';
import type { OnPlanned } from '../engine/types.ts';
import { assertShallow } from '../limits.ts';
import { checkParams, type OperationParams } from '../operation-params.ts';
import type { PlanNode } from '../plan-nodes.ts';
import type { CostGuard, CostReport } from './cost/cost-guard.ts';
import type { DocumentSource } from './documents/document-source.ts';
import type { RequestRates } from './request-rates.ts';

/** Who may ask what the graph looks like. */
export const introspectionModes = ['everyone', 'signed-in', 'off'] as const;
export type IntrospectionMode = (typeof introspectionModes)[number];

/** Who may see query plans: nobody, those with the permission `gateway.diagnose`, everybody. */
export const planModes = ['off', 'permitted', 'everyone'] as const;
export type PlanMode = (typeof planModes)[number];

export interface GuardDeps {
  readonly documents: DocumentStore;
  readonly source: DocumentSource;
  readonly rates: RequestRates;
  readonly cost: CostGuard;
  readonly introspection: IntrospectionMode;
  readonly queryPlans: PlanMode;
  /** Whether answers say what they cost. */
  readonly showCost: boolean;
}

export interface AdmitOptions {
  /** The plan is asked for beside the request (a header). `extensions.queryPlan` of the request asks too. */
  readonly wantsPlan?: boolean;
}

/** An operation that may run. */
export interface AdmittedOperation {
  readonly query: string;
  readonly document: DocumentNode;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>> | null;
  /** The operation's own name. */
  readonly name: string | null;
  /** `null` when the document has no operation of the name; the engine says so. */
  readonly kind: OperationTypeNode | null;
  /** For the engine: charges the cost when the operation is planned, and settles it when it has run. */
  readonly onPlanned: OnPlanned;
  /** What the guards add to the answer; `null` when nothing. */
  extensions(): Readonly<Record<string, unknown>> | null;
}

/** What every operation passes before it runs, whatever transport it comes over. */
export class Guard {
  readonly #deps: GuardDeps;

  constructor(deps: GuardDeps) {
    this.#deps = deps;
  }

  /**
   * @throws {HubError} INVALID_INPUT, NOT_FOUND, FORBIDDEN, LIMIT_EXCEEDED, RATE_LIMITED
   * @throws {OperationRefused} in the words of the GraphQL layer.
   */
  admit(params: OperationParams, principal: Principal, options: AdmitOptions = {}): AdmittedOperation {
    const { documents, source, rates } = this.#deps;
    rates.count(principal);
    const checked = checkParams(params);
    assertShallow(checked.variables);
    const query = source.textOf(checked);
    const mayIntrospect = this.#mayIntrospect(principal);
    const { document, introspects } = documents.prepare(query, { suggest: mayIntrospect });
    if (introspects && !mayIntrospect) throw introspectionOff();
    source.keep(query, checked);
    const wantsPlan = options.wantsPlan === true || checked.extensions?.['queryPlan'] === true;
    if (wantsPlan) this.#assertMaySeePlans(principal);
    const { operationName, variables } = checked;
    const operation = getOperationAST(document, operationName);
    const kind = operation?.operation ?? null;
    const name = operation?.name?.value ?? null;
    return { query, document, operationName, variables, kind, name, ...this.#watch(principal, wantsPlan) };
  }

  /** Whether a subscription is asked for; `false` as well where the request cannot be read, which `admit` will say. */
  asksForStream(params: OperationParams): boolean {
    const { documents, source } = this.#deps;
    try {
      const checked = checkParams(params);
      return documents.isSubscription(source.textOf(checked), checked.operationName);
    } catch {
      return false;
    }
  }

  #watch(principal: Principal, wantsPlan: boolean): Pick<AdmittedOperation, 'onPlanned' | 'extensions'> {
    const { cost, showCost } = this.#deps;
    let report: CostReport | undefined;
    let plans: readonly PlanNode[] | undefined;
    return {
      onPlanned: (planned, variables) => {
        if (wantsPlan) plans = planned.plans;
        const charged = (report = cost.charge(planned, variables, principal));
        if (!showCost && !cost.settles) return undefined;
        if (planned.selected.operation.operation === 'subscription')
          return (ran) => cost.chargeEvent(planned, variables, principal, ran);
        return (ran) => {
          report = cost.settle(charged, planned, variables, principal, ran);
        };
      },
      extensions: () => {
        const shown = {
          ...(showCost && report ? { cost: report } : {}),
          ...(plans ? { queryPlan: asQueryPlan(plans) } : {}),
        };
        return Object.keys(shown).length ? shown : null;
      },
    };
  }

  #mayIntrospect({ anonymous = false }: Principal): boolean {
    const { introspection } = this.#deps;
    return introspection === 'everyone' || (introspection === 'signed-in' && !anonymous);
  }

  #assertMaySeePlans(principal: Principal): void {
    const { queryPlans } = this.#deps;
    if (queryPlans === 'everyone') return;
    if (queryPlans === 'permitted' && isAllowed(principal, 'gateway.diagnose')) return;
    throw new HubError('FORBIDDEN', 'Query plans are shown to those with the permission gateway.diagnose.', {
      details: { permission: 'gateway.diagnose' },
    });
  }
}

function introspectionOff(): HubError {
  return new HubError('FORBIDDEN', 'Introspection is switched off here.', {
    details: { rule: 'introspection' },
  });
}

/** One plan, or those of a mutation's fields one after another. */
function asQueryPlan(plans: readonly PlanNode[]): object {
  const [first, ...rest] = plans;
  return { kind: 'QueryPlan', node: rest.length ? { kind: 'Sequence', nodes: plans } : (first ?? null) };
}
