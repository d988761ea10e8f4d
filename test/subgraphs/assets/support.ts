import { graphql, subscribe, parse, type ExecutionResult } from 'graphql';
import { Database } from '#connectors/sqlite/database.ts';
import { SqliteTwinStore } from '#connectors/sqlite/twin-store.ts';
import { demoDocuments } from '#deploy/demo/models/index.ts';
import { Broadcast } from '#kernel/broadcast.ts';
import { SimulatedClock } from '#kernel/clock.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import { failureModeLibrary } from '#ontology/failure-modes/index.ts';
import { parseTenantId, type TenantId } from '#ontology/ids.ts';
import { lookupsOf, planImport } from '#ontology/import.ts';
import type { Role } from '#ontology/principal.ts';
import type { RequestContext } from '#ontology/request-context.ts';
import { createAssetsSubgraph, type TwinChange } from '#subgraphs/assets/schema.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape of an answer is what the assertions check
export type Answer = any;

/** A request of somebody of a tenant. */
export function contextOf(tenant: TenantId, roles: readonly Role[] = ['integrator']): RequestContext {
  return {
    principal: {
      tenant,
      subject: 'a',
      personId: 'p',
      name: 'Ada',
      roles,
      authTime: 0,
      acr: null,
      expiresAt: 1e15,
    },
    requestId: 'r',
    signal: new AbortController().signal,
  };
}

/** The subgraph over a store of its own, with two empty tenants. */
export function createFixture() {
  const clock = new SimulatedClock(1_800_000_000_000);
  const database = new Database(':memory:');
  const twins = new SqliteTwinStore(database, clock);
  const changes = new Broadcast<TwinChange>();
  const log = createMemoryLogger();
  const { schema, sdl } = createAssetsSubgraph({
    twins,
    failureModes: failureModeLibrary,
    clock,
    log,
    changes,
  });
  const run = async (source: string, variables: Record<string, unknown> = {}, context = contextOf(demo)) => {
    const result = await graphql({ schema, source, variableValues: variables, contextValue: context });
    // Answers have no prototype; what comparisons expect has one.
    return structuredClone(JSON.parse(JSON.stringify(result))) as {
      data: Answer;
      errors?: { message: string }[];
    };
  };
  const listen = async (source: string, variables: Record<string, unknown>, context: RequestContext) =>
    (await subscribe({
      schema,
      document: parse(source),
      variableValues: variables,
      contextValue: context,
    })) as AsyncIterableIterator<ExecutionResult>;
  const loadDemo = async (tenant: TenantId) => {
    const plan = await planImport(demoDocuments(), lookupsOf(twins, tenant));
    await twins.apply(tenant, plan.changes);
  };
  return { schema, sdl, twins, changes, log, run, listen, loadDemo };
}

export const demo = parseTenantId('demo');
export const other = parseTenantId('other');
