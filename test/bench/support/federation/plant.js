// The graph of the gateway bench in plain JavaScript: its modules run with the hub's packages and with the contenders'.

const sites = ['north', 'south', 'east'].map((id) => ({ id, name: `Site ${id}` }));
const kinds = ['PUMP', 'MOTOR', 'FAN'];

/** 200 assets. */
const assets = Array.from({ length: 200 }, (_, i) => ({
  id: `a${i}`,
  name: `Asset ${i}`,
  kind: kinds[i % kinds.length],
  siteId: sites[i % sites.length].id,
}));
const byId = new Map(assets.map((asset) => [asset.id, asset]));
const numberOf = (id) => Number(id.slice(1));

const latestOf = (id) => ({ value: numberOf(id) * 1.5, ts: '2026-01-01T00:00:00.000Z' });
const anomaliesOf = (id) =>
  Array.from({ length: numberOf(id) % 3 }, (_, i) => ({
    score: 0.1 * (i + 1),
    at: '2026-01-01T00:00:00.000Z',
  }));
const workOrdersOf = (id) =>
  Array.from({ length: 1 + (numberOf(id) % 2) }, (_, i) => ({
    id: `w${numberOf(id) * 2 + i}`,
    title: `Check ${id} (${i})`,
    status: i ? 'OPEN' : 'DONE',
    assetId: id,
  }));
const workOrders = assets.flatMap(({ id }) => workOrdersOf(id));

// Each answer is a promise, as from a store.
const soon = async (value) => value;

const assetResolvers = {
  site: ({ siteId }) => soon(sites.find(({ id }) => id === siteId)),
};
const telemetryResolvers = { latest: ({ id }) => soon(latestOf(id)) };
const analyticsResolvers = {
  health: ({ id }) => soon(numberOf(id) % 7 ? 'NORMAL' : 'WATCH'),
  riskClass: ({ id }) => soon(numberOf(id) % 5),
  anomalies: ({ id }) => soon(anomaliesOf(id)),
};
const workflowResolvers = { workOrders: ({ id }) => soon(workOrdersOf(id)) };

const assetQueries = {
  asset: (_, { id }) => soon(byId.get(id) ?? null),
  assets: (_, { first }) => soon(assets.slice(0, first)),
};
const workflowQueries = { workOrders: (_, { first }) => soon(workOrders.slice(0, first)) };

const reference = ({ id }) => soon(byId.has(id) ? { id } : null);

const assetFields = 'id: ID! name: String! kind: String! site: Site!';
const siteType = 'type Site { id: ID! name: String! }';
const telemetryFields = 'latest: Latest';
const latestType = 'type Latest { value: Float! ts: String! }';
const analyticsFields = 'health: String riskClass: Int anomalies: [Anomaly!]!';
const anomalyType = 'type Anomaly { score: Float! at: String! }';
const workflowFields = 'workOrders: [WorkOrder!]!';
const workOrderType = 'type WorkOrder { id: ID! title: String! status: String! asset: Asset! }';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])\n';
const key = '@key(fields: "id")';

/** Four subgraphs that share the type Asset. */
export const subgraphs = [
  {
    name: 'assets',
    sdl: `${link}
      type Query { asset(id: ID!): Asset assets(first: Int = 20): [Asset!]! }
      type Asset ${key} { ${assetFields} }
      ${siteType}`,
    resolvers: {
      Query: assetQueries,
      Asset: { ...assetResolvers, __resolveReference: ({ id }) => soon(byId.get(id) ?? null) },
    },
  },
  {
    name: 'telemetry',
    sdl: `${link} type Asset ${key} { id: ID! ${telemetryFields} } ${latestType}`,
    resolvers: { Asset: { ...telemetryResolvers, __resolveReference: reference } },
  },
  {
    name: 'analytics',
    sdl: `${link} type Asset ${key} { id: ID! ${analyticsFields} } ${anomalyType}`,
    resolvers: { Asset: { ...analyticsResolvers, __resolveReference: reference } },
  },
  {
    name: 'workflows',
    sdl: `${link}
      type Query { workOrders(first: Int = 20): [WorkOrder!]! }
      type Asset ${key} { id: ID! ${workflowFields} }
      ${workOrderType}`,
    resolvers: {
      Query: workflowQueries,
      Asset: { ...workflowResolvers, __resolveReference: reference },
      WorkOrder: { asset: ({ assetId }) => ({ id: assetId }) },
    },
  },
];

/** The same graph in one schema with the same resolvers. */
export const monolith = {
  typeDefs: `
    type Query { asset(id: ID!): Asset assets(first: Int = 20): [Asset!]! workOrders(first: Int = 20): [WorkOrder!]! }
    type Asset { ${assetFields} ${telemetryFields} ${analyticsFields} ${workflowFields} }
    ${siteType} ${latestType} ${anomalyType} ${workOrderType}`,
  resolvers: {
    Query: { ...assetQueries, ...workflowQueries },
    Asset: { ...assetResolvers, ...telemetryResolvers, ...analyticsResolvers, ...workflowResolvers },
    WorkOrder: { asset: ({ assetId }) => soon(byId.get(assetId)) },
  },
};

const joined =
  'id name kind site { id name } latest { value ts } health riskClass anomalies { score at } workOrders { id title status }';

/** What is asked; `variables` of a random asset each time. */
export const queries = {
  small: {
    query: 'query Small($id: ID!) { asset(id: $id) { id name kind } }',
    variables: (random) => ({ id: `a${Math.floor(random() * assets.length)}` }),
  },
  'four-way join': {
    query: `query One($id: ID!) { asset(id: $id) { ${joined} } }`,
    variables: (random) => ({ id: `a${Math.floor(random() * assets.length)}` }),
  },
  'list of 20, joined': {
    query: `query List($n: Int!) { assets(first: $n) { ${joined} } }`,
    variables: () => ({ n: 20 }),
  },
  'deep nesting': {
    query:
      'query Deep($n: Int!) { workOrders(first: $n) { id title asset { name site { name } latest { value } health workOrders { id asset { name kind } } } } }',
    variables: () => ({ n: 10 }),
  },
};
