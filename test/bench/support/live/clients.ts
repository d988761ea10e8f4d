import { WebSocket } from 'ws';
import { operations, type OperationName } from './schema.ts';

/** Connections opened at a time. */
const together = 200;

/** Many readers, one connection each, as cheap as they can be: they count what comes and when. */
export class Clients {
  readonly #sockets: WebSocket[] = [];
  #waiting: { left: number; done: () => void } = { left: 0, done: () => {} };
  /** Since the last `expect`, ms after it. */
  latencies: number[] = [];
  #since = 0;

  async open(port: number, count: number, operation: OperationName, topicOf: (client: number) => string) {
    for (let i = 0; i < count; i += together)
      await Promise.all(
        Array.from({ length: Math.min(together, count - i) }, (_, j) =>
          this.#connect(port, operation, topicOf(i + j)),
        ),
      );
  }

  /** Resolves when `count` results more have come. */
  expect(count: number): Promise<void> {
    this.latencies = [];
    this.#since = performance.now();
    return new Promise((done) => (this.#waiting = { left: count, done }));
  }

  close(): void {
    for (const socket of this.#sockets.splice(0)) socket.terminate();
  }

  #connect(port: number, operation: OperationName, topic: string): Promise<void> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws', {
      perMessageDeflate: false,
      skipUTF8Validation: true,
    });
    this.#sockets.push(socket);
    const payload = { query: operations[operation], variables: { topic } };
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('open', () => socket.send('{"type":"connection_init"}'));
      socket.on('message', (data: Buffer) => {
        const head = data.toString('latin1', 0, 40);
        if (head.includes('"next"')) return this.#took();
        if (!head.includes('connection_ack')) return reject(new Error(data.toString()));
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
        resolve();
      });
    });
  }

  #took(): void {
    this.latencies.push(performance.now() - this.#since);
    this.#waiting.left -= 1;
    if (this.#waiting.left === 0) this.#waiting.done();
  }
}
