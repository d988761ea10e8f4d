import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { test, type TestContext } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { FrameWriter } from '#gateway/realtime/frame-writer.ts';
import { until } from './support.ts';

/** Both ends of one WebSocket, and what has come to the client. */
interface Line {
  readonly stream: Duplex;
  readonly socket: WebSocket;
  readonly client: WebSocket;
  readonly received: string[];
}

async function openLine(t: TestContext): Promise<Line> {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const accepted = Promise.withResolvers<Pick<Line, 'stream' | 'socket'>>();
  const server = createServer().on('upgrade', (req, stream, head) =>
    sockets.handleUpgrade(req, stream, head, (socket) => accepted.resolve({ stream, socket })),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  t.after(() => {
    client.terminate();
    server.close();
  });
  const received: string[] = [];
  client.on('message', (data: Buffer) => received.push(data.toString()));
  return { ...(await accepted.promise), client, received };
}

const headOf = (id: string) => Buffer.from(`{"id":${JSON.stringify(id)},"payload":`);
const payloadOf = (mark: number, bytes: number) => Buffer.from(JSON.stringify(`${mark}:`.padEnd(bytes, 'ü')));
const wanted = (id: string, payload: Buffer) => `${headOf(id).toString()}${payload.toString()}}`;

/** Around each length at which the header changes, and beyond what is kept. */
const sizes = [1, 60, 100, 126, 200, 32_600, 32_800, 65_536, 300_000];

test('readers with heads of their own get each result whole, whatever its length', async (t) => {
  const lines = await Promise.all([openLine(t), openLine(t), openLine(t)]);
  const ids = ['1', 'ein längerer Name', 'x'.repeat(1_000)];
  const writer = new FrameWriter();
  const payloads = [...sizes, ...sizes.toReversed()].map((size, mark) => payloadOf(mark, size));
  for (const payload of payloads)
    for (const [index, { stream }] of lines.entries())
      writer.write(stream, headOf(ids[index] ?? ''), payload);
  for (const [index, { received }] of lines.entries()) {
    await until(() => received.length === payloads.length, 'all results have come');
    assert.deepEqual(
      received,
      payloads.map((payload) => wanted(ids[index] ?? '', payload)),
    );
  }
});

test('what waits for a slow reader stays as it is while others read on', async (t) => {
  const [slow, fast] = [await openLine(t), await openLine(t)];
  slow.client.pause();
  const writer = new FrameWriter();
  const payloads: Buffer[] = [];
  const round = (mark: number) => {
    const payload = payloadOf(mark, 20_000);
    payloads.push(payload);
    for (const [id, line] of Object.entries({ fast, slow })) writer.write(line.stream, headOf(id), payload);
    if (mark % 10 === 0) slow.socket.ping();
  };
  let mark = 0;
  await until(() => {
    round((mark += 1));
    return slow.stream.writableLength > 1_000_000;
  }, 'results wait');
  slow.client.resume();
  for (const [id, { received }] of Object.entries({ fast, slow })) {
    await until(() => received.length === payloads.length, `all results have come to the ${id} reader`);
    assert.deepEqual(
      received.findIndex((text, index) => text !== wanted(id, payloads[index] ?? Buffer.alloc(0))),
      -1,
    );
  }
});
