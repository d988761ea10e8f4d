import { join } from 'node:path';
import { sha256Hex } from '#kernel/canonical.ts';
import { formatInstant, systemClock } from '#kernel/clock.ts';
import type { Clock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import type { Closable } from '#kernel/lifecycle.ts';
import type { Logger } from '#kernel/log.ts';
import { parseTenantId } from '#ontology/ids.ts';
import type { Message } from '#ontology/message.ts';
import type { Delivery, MessageBus } from '#ontology/ports/message-bus.ts';
import type { CounterpartOptions } from './options.ts';
import { CounterpartStore } from './store.ts';
import type { Task } from './store.ts';

/** Body of a request, a result, or an object as it goes over the wire. */
export type Fields = Readonly<Record<string, unknown>>;

/** The system says no. `transient` when it may say yes a moment later (a locked object). */
export class Refusal extends Error {
  readonly code: string;
  readonly transient: boolean;

  constructor(code: string, text: string, options: { transient?: boolean } = {}) {
    super(text);
    this.code = code;
    this.transient = options.transient ?? false;
  }
}

/** What one step of a system can do; all of it is one transaction. */
export interface Step {
  readonly store: CounterpartStore;
  readonly now: number;
  /** Real milliseconds of so many plant seconds. */
  plant(seconds: number): number;
  /** Sends a thin event after the reply of this step. */
  emit(type: string, routing: string, key: Fields): void;
  /** Does something later, also after a restart. */
  schedule(kind: string, body: unknown, afterPlantSeconds: number): void;
}

/** How one system behaves. */
export interface Behaviour {
  /** `sap-pm`, `mes`, `wms`. */
  readonly system: string;
  /** Answers `Object.Action`. @throws {Refusal} */
  request(step: Step, action: string, body: Fields, message: Message): Fields;
  task(step: Step, task: Task): void;
}

interface Sending {
  readonly id: string;
  readonly key: string;
  readonly traceparent: string | null;
  readonly correlationId: string | null;
  /** Plant seconds until it goes. */
  readonly seconds: number;
}

const pollMs = 20;

/** The same request is answered under the same id. */
function replyId(system: string, requestId: string): string {
  const id = `${system}/re/${requestId}`;
  return id.length <= 255 ? id : `${system}/re/${sha256Hex(requestId)}`;
}

/** One simulated system at the message bus. Everything it knows is in its file, so a kill at any point loses nothing. */
export class Counterpart implements Closable {
  readonly store: CounterpartStore;
  readonly #behaviour: Behaviour;
  readonly #options: CounterpartOptions;
  readonly #bus: MessageBus;
  readonly #log: Logger;
  readonly #clock: Clock = systemClock;
  readonly #abort = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #consumer: Closable | undefined;

  constructor(behaviour: Behaviour, options: CounterpartOptions, bus: MessageBus, log: Logger) {
    this.#behaviour = behaviour;
    this.#options = options;
    this.#bus = bus;
    this.#log = log;
    this.store = new CounterpartStore(join(options.data, `${behaviour.system}.db`), options.seed);
  }

  async start(): Promise<void> {
    const { system } = this.#behaviour;
    const name = `${system}.in`;
    await this.#bus.declareQueue({ name, bindings: [{ exchange: 'hub.cmd', pattern: `ext.${system}.#` }] });
    this.#consumer = await this.#bus.consume(name, (delivery) => this.#onRequest(delivery));
    this.#running = this.#work();
  }

  async close(): Promise<void> {
    await this.#consumer?.close();
    this.#abort.abort();
    await this.#running;
    this.store.close();
  }

  /** Runs one step from outside a message, e.g. when work in the plant has ended. */
  step(work: (step: Step) => void): void {
    this.store.transaction(() => work(this.#step(0, null)));
  }

  async #onRequest({ message }: Delivery): Promise<void> {
    const { system } = this.#behaviour;
    const action = message.type.slice(system.length + 1);
    if (!message.type.startsWith(`${system}.`) || action.split('.').length !== 2)
      throw new HubError('MESSAGE_INVALID', `${system} does not know requests of type ${message.type}.`);
    this.store.transaction(() => {
      if (!this.store.isFirst(message.id)) return;
      const reads = /\.(Read|Get|Query)$/.test(action);
      const seconds = (reads ? 12 : 45) * (1 + this.store.chance('delay', message.id));
      const body = this.#answer(this.#step(seconds, message), action, message);
      const { key, traceparent, id } = message;
      const how = { id: replyId(system, id), key, traceparent, correlationId: id, seconds };
      this.#send(`${message.type}.Reply`, `${action}.Reply`, body, how);
    });
  }

  #answer(step: Step, action: string, message: Message): Fields {
    try {
      return { result: this.#behaviour.request(step, action, message.body as Fields, message) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#log.info('Refused', { action, code: error.code, text: error.message });
      return { error: { code: error.code, message: error.message, transient: error.transient } };
    }
  }

  #step(replySeconds: number, cause: Message | null): Step {
    const now = this.#clock.now();
    return {
      store: this.store,
      now,
      plant: (seconds) => this.#plant(seconds),
      emit: (type, routing, key) => {
        const number = this.store.next('event', 1);
        const how = {
          id: `${this.#behaviour.system}/${this.store.instance}/${number}`,
          key: String(Object.values(key)[0]),
          traceparent: cause?.traceparent ?? null,
          correlationId: null,
          seconds: replySeconds + 8,
        };
        this.#send(type, routing, key, how);
      },
      schedule: (kind, body, afterPlantSeconds) =>
        this.store.schedule(kind, body, now + this.#plant(afterPlantSeconds)),
    };
  }

  #plant(seconds: number): number {
    return (seconds * 1000) / this.#options.speed;
  }

  #send(type: string, routing: string, body: Fields, how: Sending): void {
    const { system } = this.#behaviour;
    const at = this.#clock.now() + this.#plant(how.seconds);
    const message: Message = {
      id: how.id,
      type,
      source: system,
      tenant: parseTenantId(this.#options.tenant),
      time: formatInstant(at),
      key: how.key,
      correlationId: how.correlationId,
      traceparent: how.traceparent,
      body,
    };
    this.store.send({ exchange: 'hub.evt', routingKey: `ext.${system}.${routing}`, message }, at);
  }

  async #work(): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      try {
        this.#doTasks();
        await this.#sendDue();
      } catch (error) {
        this.#log.error('A step failed and is tried again', { system: this.#behaviour.system, error });
        await this.#clock.sleep(500, signal).catch(() => {});
      }
      await this.#clock.sleep(pollMs, signal).catch(() => {});
    }
  }

  #doTasks(): void {
    const doOne = () =>
      this.store.transaction(() => {
        const task = this.store.takeTask(this.#clock.now());
        if (task) this.#behaviour.task(this.#step(0, null), task);
        return task !== undefined;
      });
    while (doOne());
  }

  async #sendDue(): Promise<void> {
    for (;;) {
      const next = this.store.dueMessage(this.#clock.now());
      if (!next || this.#abort.signal.aborted) return;
      await this.#bus.publish(next.outgoing);
      this.store.sent(next.position);
    }
  }
}
