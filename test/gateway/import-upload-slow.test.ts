import assert from 'node:assert/strict';
import { request, type IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { systemClock } from '#kernel/clock.ts';
import { createListener, type ListenerDeps } from '#gateway/http/listener.ts';

/** Sends a piece, and the rest of the body when told to. @returns the status of the answer, 0 when there was none. */
function sendSlowly(
  url: string,
  begun: () => void,
): { answer: Promise<number>; more(text: string, last: boolean): void } {
  const sender = request(url, { method: 'POST', headers: { 'content-length': '6' } });
  const answer = new Promise<number>((resolve) => {
    sender.on('response', (response) => resolve(response.resume().statusCode ?? 0));
    sender.on('error', () => resolve(0));
  });
  sender.write('a', begun);
  return { answer, more: (text, last) => void (last ? sender.end(text) : sender.write(text)) };
}

async function listening(
  deps: Pick<ListenerDeps, 'isLong' | 'bodyClock'>,
  onRequest: (req: IncomingMessage) => void,
) {
  const listener = createListener({
    clock: systemClock,
    ...deps,
    onRequest: (req, res) => {
      onRequest(req);
      req.resume().on('end', () => res.end('done'));
    },
    onUpgrade: () => {},
    onDrained: () => {},
  });
  return { url: (await listener.listen(0, '127.0.0.1')).url, close: () => listener.drain(0) };
}

test('a body that does not come in time is answered with 408', async (t) => {
  const { url, close } = await listening({ bodyClock: { wholeMs: 50 } }, () => {});
  t.after(close);
  assert.equal(await sendSlowly(url, () => {}).answer, 408);
});

test('a long body has as long as it keeps coming, and no longer', async (t) => {
  const came = Promise.withResolvers<void>();
  const { url, close } = await listening(
    { isLong: ({ url: path }) => path === '/import', bodyClock: { wholeMs: 1, pauseMs: 30_000 } },
    (req) => req.once('data', () => came.resolve()),
  );
  t.after(close);
  const patient = sendSlowly(`${url}/import`, () => {});
  await came.promise;
  // By then an ordinary body has been refused.
  assert.equal(await sendSlowly(`${url}/other`, () => {}).answer, 408);
  patient.more('bcdef', true);
  assert.equal(await patient.answer, 200);
  const hasty = await listening({ isLong: () => true, bodyClock: { pauseMs: 50 } }, () => {});
  t.after(hasty.close);
  assert.equal(await sendSlowly(hasty.url, () => {}).answer, 408);
});
