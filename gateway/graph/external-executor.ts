import { HubError } from '#kernel/errors.ts';
import type { TenantId } from '#ontology/ids.ts';
import type { Principal } from '#ontology/principal.ts';
import type { RequestContext } from '#ontology/request-context.ts';
import {
  isStream,
  type SubgraphError,
  type SubgraphEvent,
  type SubgraphExecutor,
  type SubgraphNotice,
  type SubgraphRequest,
  type SubgraphResult,
  type SubgraphStream,
} from '../engine/types.ts';
import { RemoteError } from '../remote/remote-error.ts';
import type { RemoteExecutor } from '../remote/remote-executor.ts';
import { keepAskedOnly } from './asked-only.ts';
import type { IdentityTokens } from './identity-tokens.ts';

/** What a subgraph of somebody else may be asked, and with whose name. */
export interface ExternalRules {
  readonly name: string;
  /** `null` stands for all. */
  readonly tenants: readonly TenantId[] | null;
  /** `null`: it is not told who asks. */
  readonly identity: IdentityTokens | null;
}

/**
 * The executor under these rules. Requests of other tenants end here: nothing of them leaves the hub; and what comes
 * back is what was asked for.
 */
export function underRules(remote: RemoteExecutor, rules: ExternalRules): RemoteExecutor {
  const { name, identity } = rules;
  const admitted = (request: SubgraphRequest): SubgraphRequest => {
    assertTenant(rules, request.context.principal.tenant);
    if (!identity) return request;
    const { context } = request;
    return { ...request, context: onBehalfOf(identity.asSeenBy(name, context.principal), context) };
  };
  const guarded: SubgraphExecutor = {
    // Async: a refusal is a rejection as any other failure of the subgraph.
    execute: async (request) => checked(await remote.execute(admitted(request)), request, name),
    subscribe: async (request) => {
      const outcome = await remote.subscribe(admitted(request));
      return isStream<SubgraphStream>(outcome)
        ? new CheckedStream(outcome, request, name)
        : checked(outcome, request, name);
    },
  };
  return {
    ...guarded,
    get state() {
      return remote.state;
    },
    close: () => remote.close(),
  };
}

/** The answer as far as it was asked for. @throws {HubError} CONNECTOR_PROTOCOL - nobody could write it. */
function checked(
  result: SubgraphResult,
  { document, variables }: SubgraphRequest,
  name: string,
): SubgraphResult {
  const { data, errors } = result;
  if (data && !keepAskedOnly(data, document, variables))
    throw new HubError(
      'CONNECTOR_PROTOCOL',
      `Subgraph ${name} answered with values that are nested too deep.`,
      {
        details: { subgraph: name },
      },
    );
  return errors ? { ...result, errors: errors.map(withoutSignIn) } : result;
}

/** What a subgraph has against the hub's own sign-in says nothing of the caller's. */
function withoutSignIn(error: SubgraphError): SubgraphError {
  if (!(error instanceof RemoteError) || error.passed || error.extensions['code'] !== 'UNAUTHENTICATED')
    return error;
  return new RemoteError({ message: error.message, path: error.path }, false);
}

/** A stream whose events are checked as answers are. */
class CheckedStream implements AsyncIterator<SubgraphEvent | SubgraphNotice, unknown, undefined> {
  readonly #stream: SubgraphStream;
  readonly #request: SubgraphRequest;
  readonly #name: string;

  constructor(stream: SubgraphStream, request: SubgraphRequest, name: string) {
    this.#stream = stream;
    this.#request = request;
    this.#name = name;
  }

  async next(): Promise<IteratorResult<SubgraphEvent | SubgraphNotice, unknown>> {
    const step = await this.#stream.next();
    if (step.done || 'notice' in step.value) return step;
    const event = step.value;
    const resolve: SubgraphEvent['resolve'] = async (context) =>
      checked(await event.resolve(context), this.#request, this.#name);
    return { done: false, value: { ...event, resolve } };
  }

  async return(): Promise<IteratorResult<SubgraphEvent | SubgraphNotice, unknown>> {
    return (await this.#stream.return?.()) ?? { done: true, value: undefined };
  }
}

/** The same request with another principal. Its signal is made only when somebody asks for it. */
function onBehalfOf(principal: Principal, context: RequestContext): RequestContext {
  return {
    principal,
    requestId: context.requestId,
    get signal() {
      return context.signal;
    },
  };
}

function assertTenant({ name, tenants }: ExternalRules, tenant: TenantId): void {
  if (!tenants || tenants.includes(tenant)) return;
  throw new HubError('FORBIDDEN', `Your tenant may not use what the subgraph ${name} adds.`, {
    details: { subgraph: name },
  });
}
