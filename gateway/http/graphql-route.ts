import type { IncomingMessage, ServerResponse } from 'node:http';
import { HubError } from '#kernel/errors.ts';
import type { Principal } from '#ontology/principal.ts';
import { callerGone, type NewScope } from '../context.ts';
import type { HttpRoute } from '../http-route.ts';
import type { OperationParams } from '../operation-params.ts';
import type { HttpStreams } from '../realtime/http-streams.ts';
import { streamFormatOf } from '../realtime/stream-format.ts';
import type { Telemetry } from '../telemetry/index.ts';
import { createPreflightRoute } from './cors.ts';
import { assertNotForged } from './csrf.ts';
import type { GraphqlHttp } from './graphql-http.ts';
import { isOriginAllowed, type HostRules } from './guard.ts';
import { takesOneAnswer } from './media-type.ts';
import { redirect, wantsPage } from './respond.ts';

export interface GraphqlRouteDeps {
  readonly graphql: GraphqlHttp;
  readonly telemetry?: Telemetry | undefined;
  readonly streams: HttpStreams;
  readonly rules: HostRules;
  readonly newScope: NewScope;
  readonly requestIdOf: (res: ServerResponse) => string;
  /** @default /graphql */
  readonly path?: string;
  /** Where a person is sent who opens the path in a browser; `null` when there is no page. @default /graphiql */
  readonly page?: string | null;
}

/** `/graphql` (one answer, or a stream when the client accepts events) and `/graphql/stream` (always a stream). */
export function createGraphqlRoutes(deps: GraphqlRouteDeps): readonly HttpRoute[] {
  const { path = '/graphql', page = '/graphiql' } = deps;
  const stream = (
    req: IncomingMessage,
    res: ServerResponse,
    principal: Principal | null,
    params?: OperationParams,
  ) => {
    assertNotForged(req.method ?? 'GET', req.headers);
    if (!isOriginAllowed(req.headers, deps.rules))
      throw new HubError(
        'FORBIDDEN',
        `Pages of ${req.headers.origin ?? 'other origins'} may not open streams here.`,
      );
    return deps.streams.handle(req, res, known(principal), deps.requestIdOf(res), params);
  };
  const answer = (req: IncomingMessage, res: ServerResponse, principal: Principal | null) => {
    const { accept } = req.headers;
    const takesStream = streamFormatOf(accept) !== null;
    if (takesStream && !takesOneAnswer(accept)) return stream(req, res, principal);
    if (page && wantsPage(req) && !req.url?.includes('?')) return redirect(res, page);
    assertNotForged(req.method ?? 'GET', req.headers);
    // Clients that name both take whatever fits the operation.
    const ifSubscription = (params: OperationParams) => stream(req, res, principal, params);
    const run = () => answerOnce(deps, req, res, known(principal), takesStream ? ifSubscription : null);
    const { telemetry } = deps;
    return telemetry ? telemetry.request(req.headers, req.method ?? 'GET', known(principal), run) : run();
  };
  const streamPath = `${path === '/' ? '' : path}/stream`;
  const streamOnly: HttpRoute['handle'] = (req, res, principal) => stream(req, res, principal);
  const routes = ['GET', 'POST'].flatMap((method): HttpRoute[] => [
    { method, path, public: false, crossOrigin: true, handle: answer },
    { method, path: streamPath, public: false, crossOrigin: true, handle: streamOnly },
  ]);
  return [...routes, ...[path, streamPath].flatMap((one) => otherMethods(one, deps.rules))];
}

/** Preflights, and the refusal of methods that GraphQL over HTTP does not know. @see RFC 9110, 15.5.6 */
function otherMethods(path: string, { allowedOrigins }: HostRules): readonly HttpRoute[] {
  const refuse: HttpRoute = {
    method: '*',
    path,
    public: true,
    handle(req, res) {
      res.setHeader('allow', 'GET, HEAD, POST, OPTIONS');
      throw new HubError('INVALID_INPUT', `GraphQL is asked with GET or POST, not with ${req.method}.`, {
        details: { rule: 'method' },
      });
    },
  };
  return [createPreflightRoute(path, allowedOrigins), refuse];
}

async function answerOnce(
  deps: GraphqlRouteDeps,
  req: IncomingMessage,
  res: ServerResponse,
  principal: Principal,
  stream: ((params: OperationParams) => Promise<void>) | null,
): Promise<void> {
  // Who left while their sign-in was looked at would never be heard to leave.
  if (res.closed) throw callerGone();
  const scope = deps.newScope({ principal, requestId: deps.requestIdOf(res) });
  res.on('close', () => {
    if (!res.writableFinished) scope.cancel(callerGone());
  });
  try {
    // Operations of one request share its end, but no loaders.
    let used = false;
    const newContext = () => {
      const context = used ? scope.another() : scope.context;
      used = true;
      return context;
    };
    await deps.graphql.handle(req, res, newContext, stream);
  } finally {
    scope.end();
  }
}

function known(principal: Principal | null): Principal {
  if (principal) return principal;
  throw new HubError('UNAUTHENTICATED', 'No valid sign-in came with the request.');
}
