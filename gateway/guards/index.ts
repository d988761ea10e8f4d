import type { Clock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/log.ts';
import { DocumentStore } from '../documents.ts';
import type { FederationEngine } from '../engine/engine.ts';
import type { OperationLimits } from '../limits.ts';
import type { GuardsConfig } from './config.ts';
import { CostGuard, type CostObserver } from './cost/cost-guard.ts';
import { consoleDocuments } from './documents/console-documents.ts';
import { DocumentSource } from './documents/document-source.ts';
import { readManifest, type ManifestEntry } from './documents/manifest.ts';
import { TrustedDocuments } from './documents/trusted-documents.ts';
import { Guard } from './guard.ts';
import { RequestRates } from './request-rates.ts';

export { Guard, type AdmittedOperation } from './guard.ts';
export { PlanningRates } from './planning-rates.ts';
export type { ManifestEntry } from './documents/manifest.ts';

export interface GuardsDeps {
  readonly engine: Pick<FederationEngine, 'schema' | 'supergraphSdl'>;
  readonly limits: OperationLimits;
  /** Beside the console's and those of manifests. @default none */
  readonly trustedDocuments?: readonly ManifestEntry[] | undefined;
  /** @default nobody looks on at what is spent */
  readonly costs?: CostObserver | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Makes the guard of a graph.
 * @throws {HubError} CONFIG_INVALID - a manifest of trusted documents cannot be read.
 */
export async function createGuard(config: GuardsConfig, deps: GuardsDeps): Promise<Guard> {
  const { engine, limits, clock, log, trustedDocuments = [], costs } = deps;
  const { mode, manifests } = config.trustedDocuments;
  const trusted = new TrustedDocuments();
  for (const { id, text } of [...consoleDocuments(), ...trustedDocuments]) trusted.add(id, text);
  for (const path of manifests) for (const { id, text } of await readManifest(path)) trusted.add(id, text);
  return new Guard({
    documents: new DocumentStore(engine, limits),
    source: new DocumentSource({ mode, trusted, persistedQueries: config.persistedQueries, log }),
    rates: new RequestRates(clock, config.rates),
    cost: new CostGuard(clock, config.cost, engine, costs),
    introspection: config.introspection,
    queryPlans: config.queryPlans,
    showCost: config.showCost,
  });
}
