import { setTimeout as sleep } from 'node:timers/promises';
import { row, type Row } from '../rows.ts';
import { Followers } from './followers.ts';
import type { Exchanged } from './server.ts';
import { settled, startServer, type Server } from './server-process.ts';

/** Clients that read joined events, spread over topics. */
export interface Readers {
  readonly clients: number;
  readonly topics: number;
}

/** Connections opened at a time where nothing is measured. */
const together = 200;
/** Rounds of events that clients miss while they are cut off. */
const missed = 3;
const patienceMs = 60_000;

const topicsOf = ({ topics }: Readers) => Array.from({ length: topics }, (_, topic) => `T-${topic}`);

async function opened(server: Server, readers: Readers): Promise<Followers> {
  const followers = new Followers(server.port);
  const all = Array.from({ length: readers.clients }, (_, client) => `T-${client % readers.topics}`);
  await followers.open(all, together);
  await settled(server);
  await published(server, followers, readers);
  return followers;
}

async function published(server: Server, followers: Followers, readers: Readers): Promise<void> {
  const all = followers.expect(readers.clients);
  server.tell({ publish: topicsOf(readers), value: 0 });
  await all;
}

/** All that come within the time there is. */
async function within(all: Promise<void>): Promise<void> {
  await Promise.race([all, sleep(patienceMs)]);
}

/** Exchanges the graph while streams run and events come. */
export async function measureExchange(readers: Readers): Promise<Row[]> {
  const server = await startServer('gateway', 'exchange');
  try {
    const followers = await opened(server, readers);
    const before = followers.results;
    const exchanged = await server.ask<Exchanged>({ exchange: topicsOf(readers) });
    const due = exchanged.rounds * readers.clients;
    const left = due - (followers.results - before);
    if (left > 0) await within(followers.expect(left));
    const name = `exchange of the graph, ${readers.clients} clients, ${readers.topics} topics`;
    process.stderr.write(`${name}: ${JSON.stringify(exchanged.outcome)}\n`);
    return [
      row(`${name}: time, composing and moving the streams`, exchanged.tookMs, 'ms'),
      row(`${name}: CPU, events of the time included`, exchanged.cpuMs, 'ms'),
      row(`${name}: longest pause of the process`, exchanged.longestPauseMs, 'ms'),
      row(`${name}: results due`, due, ''),
      row(`${name}: results missing`, due - (followers.results - before), ''),
      row(`${name}: holes in sequences`, followers.holes, ''),
      row(`${name}: notices`, followers.notices, ''),
    ];
  } finally {
    server.stop();
  }
}

/** Cuts all lines at once; all come back at once and resume. */
export async function measureStorm(readers: Readers): Promise<Row[]> {
  const server = await startServer('gateway');
  try {
    const followers = await opened(server, readers);
    followers.cut();
    for (let round = 0; round < missed; round += 1)
      server.tell({ publish: topicsOf(readers), value: 1 + round });
    await sleep(1_000);
    const due = missed * readers.clients;
    const [before, beforeResults] = [await server.report('cpu'), followers.results];
    const begun = performance.now();
    const all = followers.expect(due);
    await followers.comeBack();
    const connectedMs = performance.now() - begun;
    await within(all);
    const tookMs = performance.now() - begun;
    const after = await server.report('cpu');
    const name = `reconnect storm, ${readers.clients} clients, ${readers.topics} topics`;
    const refused = [...followers.refused.values()].reduce((sum, count) => sum + count, 0);
    process.stderr.write(`${name}: refused ${JSON.stringify([...followers.refused])}\n`);
    return [
      row(`${name}: all connected again`, connectedMs, 'ms'),
      row(`${name}: all have what they missed`, tookMs, 'ms'),
      row(`${name}: CPU of the server`, after.cpuMs - before.cpuMs, 'ms'),
      row(`${name}: attempts refused`, refused, ''),
      row(`${name}: results due`, due, ''),
      row(`${name}: results missing`, due - (followers.results - beforeResults), ''),
      row(`${name}: holes in sequences`, followers.holes, ''),
      row(`${name}: gaps told`, followers.gaps, ''),
    ];
  } finally {
    server.stop();
  }
}
