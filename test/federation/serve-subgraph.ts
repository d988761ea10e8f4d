import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, parse, validate, type DocumentNode, type GraphQLSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { referenceCheck, type ReferenceCheck } from './strict-references.ts';
import { newContext, type TestSubgraph } from './support.ts';

/** A request as a subgraph got it over HTTP. */
export interface SeenRequest {
  readonly headers: IncomingMessage['headers'];
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A subgraph that listens on this machine. */
export interface ServedSubgraph {
  readonly name: string;
  readonly sdl: string;
  readonly url: string;
  readonly seen: SeenRequest[];
  /** Requests that are not valid against its schema, or refer to entities as it cannot, with the reasons. */
  readonly invalid: string[];
  /** Open WebSocket connections. */
  readonly sockets: number;
  /** Ends all WebSocket connections without a word. */
  cut(): void;
  close(): Promise<void>;
}

/** Answers instead of the subgraph; `false` leaves the answer to it. */
export type Intercept = (req: IncomingMessage, res: ServerResponse, body: string) => boolean;

/** Serves a subgraph over HTTP and graphql-transport-ws, the SDL as it is (with its own `@link`). */
export async function serveSubgraph(
  { name, sdl, resolvers }: TestSubgraph,
  intercept: Intercept = () => false,
): Promise<ServedSubgraph> {
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers }]);
  const check = referenceCheck(sdl, schema);
  const seen: SeenRequest[] = [];
  const invalid: string[] = [];
  const server = createServer((req, res) => {
    void bodyOf(req).then(async (body) => {
      if (!intercept(req, res, body)) await answer({ schema, check }, req, res, body, { seen, invalid });
    });
  });
  const sockets = new WebSocketServer({ server });
  const live = useServer(
    { schema, context: () => newContext() as unknown as Record<string, unknown> },
    sockets,
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    name,
    sdl,
    seen,
    invalid,
    url: `http://127.0.0.1:${port}/graphql`,
    get sockets() {
      return sockets.clients.size;
    },
    cut: () => sockets.clients.forEach((socket) => socket.terminate()),
    async close() {
      if (!server.listening) return;
      sockets.clients.forEach((socket) => socket.terminate());
      await live.dispose();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** What a subgraph that validates does: a plan whose fetches are not valid there shows as an error. */
async function answer(
  { schema, check }: { readonly schema: GraphQLSchema; readonly check: ReferenceCheck },
  req: IncomingMessage,
  res: ServerResponse,
  body: string,
  { seen, invalid }: Pick<ServedSubgraph, 'seen' | 'invalid'>,
): Promise<void> {
  const { query, variables = {} } = JSON.parse(body) as {
    query: string;
    variables?: Record<string, unknown>;
  };
  seen.push({ headers: req.headers, query, variables });
  const document = parsed(query);
  const errors: readonly { readonly message: string }[] = [
    ...(document ? validate(schema, document) : [{ message: 'it cannot be parsed' }]),
    ...(document ? check(document, variables).map((message) => ({ message })) : []),
  ];
  for (const { message } of errors) invalid.push(`${message}\n${query}`);
  const result =
    errors.length || !document
      ? { errors }
      : await execute({ schema, document, variableValues: variables, contextValue: newContext() });
  res.setHeader('content-type', 'application/graphql-response+json');
  res.statusCode = errors.length ? 400 : 200;
  res.end(JSON.stringify(result));
}

function parsed(query: string): DocumentNode | null {
  try {
    return parse(query);
  } catch {
    return null;
  }
}
