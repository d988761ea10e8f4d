// The page's script: GraphiQL over our own endpoint. Bundled by build.ts; runs in browsers only.
import { GraphiQL } from 'graphiql';
import 'graphiql/graphiql.css';
import { getOperationAST, parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import './page.css';

const socketUrl = new URL('/graphql', location.href);
socketUrl.protocol = socketUrl.protocol === 'https:' ? 'wss:' : 'ws:';

// The session cookie goes along by itself; a header set in the page (a bearer token) goes along too.
let headers = {};
const socket = createClient({ url: socketUrl.href, lazy: true, connectionParams: () => headers });

// The toolkit's fetcher asks the editor what kind of operation it is, which lags behind fast typing.
function isSubscription({ query, operationName }) {
  try {
    return getOperationAST(parse(query), operationName)?.operation === 'subscription';
  } catch {
    return false;
  }
}

async function request(params) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json',
      ...headers,
    },
    body: JSON.stringify(params),
  });
  return response.json();
}

function fetcher(params, options) {
  headers = options?.headers ?? {};
  return isSubscription(params) ? socket.iterate(params) : request(params);
}

createRoot(document.getElementById('graphiql')).render(
  createElement(GraphiQL, {
    fetcher,
    query: new URLSearchParams(location.search).get('query') ?? undefined,
    defaultEditorToolsVisibility: true,
    shouldPersistHeaders: false,
  }),
);
