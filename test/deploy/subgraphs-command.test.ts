import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { subgraphsCommand } from '#deploy/commands/subgraphs.ts';
import { servePartner, SubgraphFolder } from '../gateway/graph/support.ts';

const partnerSdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@external", "@requires"])
  type Query { tariff: String }
  type Twin @key(fields: "id") { id: ID! name: String! @external costPerHour: Float @requires(fields: "name") }`;

function terminalOf(cwd: string, env = {}) {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  return { lines, terminal: { out: say, err: say, env, cwd } };
}

async function run(folder: SubgraphFolder, ...args: string[]) {
  const { lines, terminal } = terminalOf(folder.path);
  const code = await subgraphsCommand(args, { terminal, signal: new AbortController().signal });
  return { code, text: lines.join('\n') };
}

test('check says what the graph gains and what each subgraph gets to know', async (t) => {
  const folder = new SubgraphFolder(t);
  folder.write('cost.graphql', partnerSdl);
  folder.list([
    {
      name: 'cost',
      url: 'https://cost.example/graphql',
      sdl: 'cost.graphql',
      identity: true,
      tenants: ['acme'],
    },
  ]);
  const { code, text } = await run(folder, 'check', 'subgraphs.json');
  assert.equal(code, 0, text);
  assert.match(text, /gain: Twin\.costPerHour was added/);
  assert.match(text, /cost: asked at https:\/\/cost\.example\/graphql, by tenants acme/);
  assert.match(text, /cost: gets to know of Twin: id, name/);
  assert.match(text, /cost: gets to know who asks/);
});

test('check ends with 1 and the reason when they cannot join', async (t) => {
  const folder = new SubgraphFolder(t);
  folder.write('cost.graphql', `${partnerSdl} extend type Query { twin(id: ID!): Twin }`);
  folder.list([{ name: 'cost', url: 'https://cost.example/graphql', sdl: 'cost.graphql' }]);
  const composed = await run(folder, 'check', 'subgraphs.json');
  assert.equal(composed.code, 1);
  assert.match(composed.text, /COMPOSITION_FAILED:.*twin/s);
  folder.list([{ name: 'cost' }]);
  const read = await run(folder, 'check', 'subgraphs.json');
  assert.equal(read.code, 1);
  assert.match(read.text, /CONFIG_INVALID:.*\/subgraphs\/0/s);
});

test('sdl keeps a running subgraph’s schema, and says when there is none', async (t) => {
  const partner = await servePartner(t);
  const folder = new SubgraphFolder(t);
  const kept = await run(folder, 'sdl', partner.url, '--output', 'kept.graphql');
  assert.equal(kept.code, 0, kept.text);
  assert.match(readFileSync(join(folder.path, 'kept.graphql'), 'utf8'), /kilowattHours/);
  await partner.close();
  await assert.rejects(run(folder, 'sdl', partner.url), {
    code: 'CONNECTOR_UNREACHABLE',
    message: /^http:\/\/.*ECONNREFUSED/,
  });
  await assert.rejects(run(folder, 'sdl', 'energy.example'), /starts with http/);
});
