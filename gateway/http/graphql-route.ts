import type { IncomingMessage, ServerResponse } from 'node:http';
import { HubError } from '#kernel/errors.ts';
import type { Principal } from '#ontology/principal.ts';
import type { ApolloHttp } from '../apollo.ts';
import { callerGone, type NewScope } from '../context.ts';
import type { HttpRoute } from '../http-route.ts';
import type { SseServer } from '../realtime/sse.ts';
import { isOriginAllowed, type HostRules } from './guard.ts';
import { redirect, wantsPage } from './respond.ts';

export interface GraphqlRouteDeps {
  readonly apollo: ApolloHttp;
  readonly sse: SseServer;
  readonly rules: HostRules;
  readonly newScope: NewScope;
  readonly requestIdOf: (res: ServerResponse) => string;
}

/** `/graphql` (one answer, or a stream when the client accepts events) and `/graphql/stream` (always a stream). */
export function createGraphqlRoutes(deps: GraphqlRouteDeps): readonly HttpRoute[] {
  const stream = (req: IncomingMessage, res: ServerResponse, principal: Principal | null) => {
    if (!isOriginAllowed(req.headers, deps.rules))
      throw new HubError(
        'FORBIDDEN',
        `Pages of ${req.headers.origin ?? 'other origins'} may not open streams here.`,
      );
    return deps.sse.handle(req, res, known(principal), deps.requestIdOf(res));
  };
  const answer = (req: IncomingMessage, res: ServerResponse, principal: Principal | null) => {
    if (acceptsEvents(req)) return stream(req, res, principal);
    if (wantsPage(req) && !req.url?.includes('?')) return redirect(res, '/graphiql');
    return answerOnce(deps, req, res, known(principal));
  };
  return ['GET', 'POST'].flatMap((method) => [
    { method, path: '/graphql', public: false, handle: answer },
    { method, path: '/graphql/stream', public: false, handle: stream },
  ]);
}

async function answerOnce(
  deps: GraphqlRouteDeps,
  req: IncomingMessage,
  res: ServerResponse,
  principal: Principal,
): Promise<void> {
  const caller = new AbortController();
  const onClose = () => {
    if (!res.writableFinished) caller.abort(callerGone());
  };
  res.once('close', onClose);
  const scope = deps.newScope({ principal, caller: caller.signal, requestId: deps.requestIdOf(res) });
  try {
    await deps.apollo.handle(req, res, scope.context);
  } finally {
    scope.end();
  }
}

/** Accept lists are read by presence: a client that also takes JSON would not ask for events otherwise. */
function acceptsEvents(req: IncomingMessage): boolean {
  return (req.headers.accept ?? '').includes('text/event-stream');
}

function known(principal: Principal | null): Principal {
  if (principal) return principal;
  throw new HubError('UNAUTHENTICATED', 'No valid sign-in came with the request.');
}
