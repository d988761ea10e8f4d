import { WebSocket } from 'ws';
import { operations } from './schema.ts';

/** Where a reader is in its stream, as its results say. */
interface Follower {
  readonly topic: string;
  socket: WebSocket;
  /** Set by its first result; it comes back with it. */
  at: { readonly epoch: string; readonly sequence: number } | null;
  results: number;
}

/** Readers that look at the position of each result, and come back with it when they are cut off. */
export class Followers {
  readonly #followers: Follower[] = [];
  readonly #port: number;
  #waiting = { left: 0, done: () => {} };
  /** Results whose sequence does not follow the one before. */
  holes = 0;
  /** Results that say that something may be missing. */
  gaps = 0;
  notices = 0;
  /** Connections that could not be opened, and what was refused. */
  refused = new Map<string, number>();

  constructor(port: number) {
    this.#port = port;
  }

  get results(): number {
    return this.#followers.reduce((sum, { results }) => sum + results, 0);
  }

  /** @param together - connections opened at a time. */
  async open(topics: readonly string[], together: number): Promise<void> {
    for (let i = 0; i < topics.length; i += together)
      await Promise.all(
        topics.slice(i, i + together).map((topic) => {
          const follower: Follower = { topic, socket: this.#newSocket(), at: null, results: 0 };
          this.#followers.push(follower);
          return this.#subscribed(follower);
        }),
      );
  }

  /** Resolves when `count` results more have come. */
  expect(count: number): Promise<void> {
    return new Promise((done) => (this.#waiting = { left: count, done }));
  }

  /** Cuts all lines at once, without a word. */
  cut(): void {
    for (const { socket } of this.#followers) socket.terminate();
  }

  /** All come back at once, each with its position; whoever cannot get in tries again. */
  async comeBack(): Promise<void> {
    await Promise.all(this.#followers.map((follower) => this.#again(follower)));
  }

  async #again(follower: Follower): Promise<void> {
    for (;;) {
      try {
        follower.socket = this.#newSocket();
        return await this.#subscribed(follower);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.refused.set(reason, (this.refused.get(reason) ?? 0) + 1);
      }
    }
  }

  #newSocket(): WebSocket {
    return new WebSocket(`ws://127.0.0.1:${this.#port}/graphql`, 'graphql-transport-ws', {
      perMessageDeflate: false,
      skipUTF8Validation: true,
    });
  }

  #subscribed(follower: Follower): Promise<void> {
    const { socket, topic, at } = follower;
    const extensions = at ? { extensions: { stream: { resumeFrom: at } } } : {};
    const payload = { query: operations.join, variables: { topic }, ...extensions };
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', (code) => reject(new Error(`closed with ${code}`)));
      socket.once('open', () => socket.send('{"type":"connection_init"}'));
      socket.on('message', (data: Buffer) => {
        const text = data.toString();
        if (text.includes('"type":"next"')) return this.#took(follower, text);
        if (!text.includes('connection_ack')) return reject(new Error(text));
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
        resolve();
      });
    });
  }

  #took(follower: Follower, text: string): void {
    const { data, extensions } = (JSON.parse(text) as { payload: Result }).payload;
    const { epoch, sequence, gap, notice } = extensions.stream;
    if (gap) this.gaps += 1;
    if (notice) this.notices += 1;
    const follows = !follower.at || (follower.at.epoch === epoch && sequence === follower.at.sequence + 1);
    if (!follows) this.holes += 1;
    follower.at = { epoch, sequence };
    if (!data) return;
    follower.results += 1;
    this.#waiting.left -= 1;
    if (this.#waiting.left === 0) this.#waiting.done();
  }
}

interface Result {
  readonly data: unknown;
  readonly extensions: {
    readonly stream: {
      readonly epoch: string;
      readonly sequence: number;
      readonly gap?: object;
      readonly notice?: object;
    };
  };
}
