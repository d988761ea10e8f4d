import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Broadcast } from '#kernel/broadcast.ts';
import { serveSubgraph, type ServedSubgraph } from '../../federation/serve-subgraph.ts';

export const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@inaccessible", "@override", "@external", "@authenticated", "@provides", "@cost", "@listSize", "@composeDirective"])\n`;

/** What a partner adds to assets, and a stream of its own. */
export const energySdl = `${link}
  type Query { tariff: String }
  type Asset @key(fields: "id") { id: ID! kilowattHours: Float }
  type Subscription { metered: Metered }
  type Metered { id: ID! kilowattHours: Float asset: Asset }`;

/** A partner's subgraph on this machine. */
export interface Partner extends ServedSubgraph {
  readonly metered: Broadcast<{ id: string; kilowattHours: number }>;
  /** Who asked, newest last: headers of HTTP requests. */
  readonly headers: ServedSubgraph['seen'];
}

/** Serves a partner's subgraph; `answer` tells two of them apart. Closed when the test ends. */
export async function servePartner(t: TestContext, options: { name?: string; factor?: number } = {}) {
  const { name = 'energy', factor = 2 } = options;
  const metered = new Broadcast<{ id: string; kilowattHours: number }>();
  const served = await serveSubgraph({
    name,
    sdl: energySdl,
    resolvers: {
      Query: { tariff: () => `tariff of ${name}` },
      Asset: {
        __resolveReference: async ({ id }: { id: string }) => ({ id }),
        kilowattHours: ({ id }: { id: string }) => Number(id) * factor,
      },
      Subscription: {
        metered: { subscribe: () => metered.subscribe(), resolve: (event: unknown) => event },
      },
      Metered: { asset: ({ id }: { id: string }) => ({ id }) },
    },
  });
  t.after(() => served.close());
  // As an object of its own: `sockets` is a getter.
  return Object.assign(served, { metered, headers: served.seen });
}

/** A folder with the file of subgraphs, as an operator keeps it. */
export class SubgraphFolder {
  readonly path: string;
  #version = 0;

  constructor(t: Pick<TestContext, 'after'>) {
    this.path = mkdtempSync(join(tmpdir(), 'twinhub-subgraphs-'));
    t.after(() => rmSync(this.path, { recursive: true, force: true }));
    this.write('energy.graphql', energySdl);
    this.list([]);
  }

  get file(): string {
    return join(this.path, 'subgraphs.json');
  }

  list(subgraphs: readonly object[]): void {
    this.write('subgraphs.json', JSON.stringify({ subgraphs }));
  }

  write(name: string, text: string): void {
    const file = join(this.path, name);
    writeFileSync(file, text);
    // Two writes within one tick of the file system's clock are two versions all the same.
    this.#version += 1;
    const at = new Date(Date.UTC(2026, 0, 1) + this.#version * 1_000);
    utimesSync(file, at, at);
  }
}
