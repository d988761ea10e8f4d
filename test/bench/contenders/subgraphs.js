// The subgraphs over HTTP, each parsed query kept: what remote gateways ask. Tells its parent the ports.
import { createServer } from 'node:http';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, parse } from 'graphql';
import { subgraphs } from '../support/federation/plant.js';

function serve({ name, sdl, resolvers }) {
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers }]);
  const documents = new Map();
  const server = createServer((req, res) => {
    const chunks = [];
    req.on('data', (chunk) => chunks.push(chunk));
    req.on('end', async () => {
      const { query, variables } = JSON.parse(Buffer.concat(chunks).toString());
      const document = documents.get(query) ?? parse(query);
      documents.set(query, document);
      const result = await execute({ schema, document, variableValues: variables, contextValue: {} });
      const text = JSON.stringify(result);
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
      res.end(text);
    });
  });
  server.keepAliveTimeout = 60_000;
  return new Promise((done) =>
    server.listen(0, '127.0.0.1', () => done([name, `http://127.0.0.1:${server.address().port}/graphql`])),
  );
}

process.on('disconnect', () => process.exit());
process.send({ urls: Object.fromEntries(await Promise.all(subgraphs.map(serve))) });
