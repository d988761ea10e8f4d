// Load from a process of its own: sends what its parent tells it to and answers with figures.
import autocannon from 'autocannon';
import { queries } from '../support/federation/plant.js';

/** The same sequence of random numbers for every contender. @see https://en.wikipedia.org/wiki/Linear_congruential_generator */
function createRandom(seed) {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

const headers = {
  'content-type': 'application/json',
  accept: 'application/json',
  authorization: 'Bearer bench',
};

async function measure({ url, name, seconds, connections }) {
  const { query, variables } = queries[name];
  const random = createRandom(7);
  const requests = Array.from({ length: 500 }, () => ({
    method: 'POST',
    path: new URL(url).pathname,
    headers,
    body: JSON.stringify({ query, variables: variables(random) }),
  }));
  const run = (duration) => autocannon({ url, connections, duration, requests });
  const warmed = await run(Math.min(3, seconds));
  const { requests: total, latency, non2xx, errors, duration } = await run(seconds);
  return {
    perSecond: total.total / duration,
    sent: warmed.requests.total + total.total,
    p50: latency.p50,
    p99: latency.p99,
    failed: non2xx + errors,
  };
}

process.on('disconnect', () => process.exit());
process.on('message', async (order) => process.send(await measure(order)));
process.send({ ready: true });
