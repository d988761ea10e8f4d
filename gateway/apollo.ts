import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApolloServer, HeaderMap, type ApolloServerOptionsWithGateway } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from '#kernel/log.ts';
import type { RequestContext } from '#ontology/request-context.ts';
import { BoundedCache } from './engine/bounded-cache.ts';
import type { FederationEngine } from './engine/engine.ts';
import type { EngineResult } from './engine/types.ts';
import { readJsonBody } from './http/body.ts';
import { requestUrl } from './http/request-url.ts';
import { assertCheapToValidate, assertTokenLimit, validationRules, type OperationLimits } from './limits.ts';
import { httpStatusOf, presentError } from './present-error.ts';

type Gateway = ApolloServerOptionsWithGateway<RequestContext>['gateway'];

export interface ApolloHttpOptions {
  readonly engine: FederationEngine;
  readonly limits: OperationLimits;
  readonly maxBodyBytes: number;
  readonly log: Logger;
}

/** GraphQL over HTTP, by Apollo Server over our engine. */
export interface ApolloHttp {
  /** Answers a GET or POST. @throws {HubError} LIMIT_EXCEEDED, INVALID_INPUT - nothing has been sent. */
  handle(req: IncomingMessage, res: ServerResponse, context: RequestContext): Promise<void>;
  stop(): Promise<void>;
}

/** An error that has been presented where the request was known; Apollo Server passes it through. */
class PresentedError extends GraphQLError {
  readonly formatted: GraphQLFormattedError;

  constructor(formatted: GraphQLFormattedError, status?: number) {
    super(formatted.message, {
      extensions: { ...formatted.extensions, ...(status ? { http: { status } } : {}) },
    });
    this.formatted = formatted;
  }
}

/** Starts Apollo Server. */
export async function createApolloHttp(options: ApolloHttpOptions): Promise<ApolloHttp> {
  const { engine, limits, log } = options;
  const requestIds = new AsyncLocalStorage<string>();
  const checked = new BoundedCache<string, true>(1_000);
  const server = new ApolloServer<RequestContext>({
    gateway: toApolloGateway(engine, log),
    introspection: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    validationRules: validationRules(limits),
    stringifyResult: async (value) => JSON.stringify(value),
    plugins: [ApolloServerPluginLandingPageDisabled()],
    logger: apolloLogger(log),
    formatError: (_formatted, error) =>
      error instanceof PresentedError
        ? error.formatted
        : presentError(error, { log, requestId: requestIds.getStore() ?? '' }),
  });
  await server.start();
  return {
    handle: (req, res, context) =>
      requestIds.run(context.requestId, () => handle(server, { ...options, checked }, req, res, context)),
    stop: () => server.stop(),
  };
}

async function handle(
  server: ApolloServer<RequestContext>,
  { limits, maxBodyBytes, checked }: ApolloHttpOptions & { readonly checked: CheckedTexts },
  req: IncomingMessage,
  res: ServerResponse,
  context: RequestContext,
): Promise<void> {
  const method = req.method ?? 'GET';
  const { search, searchParams } = requestUrl(req);
  const body = method === 'POST' ? await readJsonBody(req, maxBodyBytes) : undefined;
  checkText(queryOf(body) ?? searchParams.get('query') ?? '', limits, checked);
  const answer = await server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method, headers: headersOf(req), search, body },
    context: async () => context,
  });
  for (const [name, value] of answer.headers) res.setHeader(name, value);
  res.setHeader('cache-control', 'no-store');
  res.statusCode = answer.status ?? 200;
  if (answer.body.kind === 'complete') return void res.end(answer.body.string);
  for await (const chunk of answer.body.asyncIterator) res.write(chunk);
  res.end();
}

type CheckedTexts = BoundedCache<string, true>;

/** Before Apollo Server parses and validates the text, which may take long. Texts seen before are not looked at again. */
function checkText(query: string, limits: OperationLimits, checked: CheckedTexts): void {
  if (checked.get(query)) return;
  assertTokenLimit(query, limits);
  assertCheapToValidate(query, limits);
  checked.set(query, true);
}

function queryOf(body: unknown): string | undefined {
  const query = body !== null && typeof body === 'object' && 'query' in body ? body.query : undefined;
  return typeof query === 'string' ? query : undefined;
}

function headersOf(req: IncomingMessage): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(req.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

function toApolloGateway(engine: FederationEngine, log: Logger): Gateway {
  const listeners = new Set<Parameters<Gateway['onSchemaLoadOrUpdate']>[0]>();
  return {
    onSchemaLoadOrUpdate(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async load() {
      for (const listener of listeners)
        listener({ apiSchema: engine.schema, coreSupergraphSdl: engine.supergraphSdl });
      return {
        async executor({ document, request, operationName, context }) {
          const own = context as RequestContext;
          const variables = request.variables ?? null;
          // Apollo resolves the name; without one it says null although the request had a wrong one.
          const name = operationName ?? request.operationName;
          return presentResult(
            await engine.execute({ document, variables, operationName: name, context: own }),
            own.requestId,
            log,
          );
        },
      };
    },
    async stop() {},
  };
}

function presentResult({ data, errors }: EngineResult, requestId: string, log: Logger) {
  if (!errors) return { data: data ?? null };
  const presented = errors.map((error) => presentError(error, { log, requestId }));
  if (data !== undefined) return { data, errors: presented.map((error) => new PresentedError(error)) };
  return {
    errors: presented.map((error) => new PresentedError(error, httpStatusOf(error.extensions?.['code']))),
  };
}

/** Apollo Server's own lines; it speaks of single requests only at `debug`. */
function apolloLogger(log: Logger) {
  const line = (write: (message: string) => void) => (message?: unknown) => write(String(message));
  return {
    debug: line((message) => log.debug(message)),
    info: line((message) => log.info(message)),
    warn: line((message) => log.warn(message)),
    error: line((message) => log.error(message)),
  };
}
