// One contender in a process of its own: `node server.js KIND SUPERGRAPH_FILE local|remote`. Tells its port to its parent.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { execute, parse, validate } from 'graphql';
import { monolith, subgraphs } from '../support/federation/plant.js';

const [kind, supergraphFile, transport] = process.argv.slice(2);
const supergraph = readFileSync(supergraphFile, 'utf8');
const local = transport === 'local';
const quiet = { debug() {}, info() {}, warn() {}, error: (text) => process.stderr.write(`${text}\n`) };

const schemas = new Map(
  subgraphs.map(({ name, sdl, resolvers }) => [
    name,
    buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers }]),
  ]),
);
const schemaOf = (name) => schemas.get(name.toLowerCase());

async function apollo(options) {
  const server = new ApolloServer({ logger: quiet, introspection: false, ...options });
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
  return Number(new URL(url).port);
}

function listen(handler) {
  const server = createServer(handler);
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server.address().port)));
}

async function apolloGateway() {
  const { ApolloGateway, LocalGraphQLDataSource } = await import('@apollo/gateway');
  const inProcess = { buildService: ({ name }) => new LocalGraphQLDataSource(schemaOf(name)) };
  return apollo({
    gateway: new ApolloGateway({ supergraphSdl: supergraph, logger: quiet, ...(local ? inProcess : {}) }),
  });
}

async function hive(router) {
  const { createGatewayRuntime } = await import('@graphql-hive/gateway-runtime');
  const inProcess = {
    transportEntries: { '*': { kind: 'inProcess' } },
    transports: {
      inProcess: {
        getSubgraphExecutor:
          ({ subgraphName }) =>
          ({ document, variables, context }) =>
            execute({
              schema: schemaOf(subgraphName),
              document,
              variableValues: variables,
              contextValue: context ?? {},
            }),
      },
    },
  };
  const overHttp = { transports: { http: await import('@graphql-mesh/transport-http') } };
  const handler = router
    ? { unifiedGraphHandler: (await import('@graphql-hive/router-runtime')).unifiedGraphHandler }
    : {};
  return listen(
    createGatewayRuntime({
      supergraph,
      logging: false,
      landingPage: false,
      graphiql: false,
      maskedErrors: false,
      requestId: false,
      ...(local ? inProcess : overHttp),
      ...handler,
    }),
  );
}

/** The least there is: one schema compiled by graphql-jit, on bare node:http, without validation of repeated queries. */
async function jitMonolith() {
  const { compileQuery } = await import('graphql-jit');
  const schema = makeExecutableSchema(monolith);
  const compiled = new Map();
  const compile = (query) => {
    const document = parse(query);
    const [error] = validate(schema, document);
    if (error) throw error;
    const made = compileQuery(schema, document);
    compiled.set(query, made);
    return made;
  };
  return listen((req, res) => {
    const chunks = [];
    req.on('data', (chunk) => chunks.push(chunk));
    req.on('end', async () => {
      const { query, variables } = JSON.parse(Buffer.concat(chunks).toString());
      const text = JSON.stringify(
        await (compiled.get(query) ?? compile(query)).query(undefined, {}, variables),
      );
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
      res.end(text);
    });
  });
}

const kinds = {
  'apollo-gateway': apolloGateway,
  hive: () => hive(false),
  'hive-router': () => hive(true),
  'apollo-monolith': () => apollo({ schema: makeExecutableSchema(monolith) }),
  'jit-monolith': jitMonolith,
};

process.on('disconnect', () => process.exit());
process.send({ port: await kinds[kind]() });
