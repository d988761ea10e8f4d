import type { Clock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import type { Closable } from '#kernel/lifecycle.ts';
import type { Logger } from '#kernel/log.ts';
import type { TenantId } from '#ontology/ids.ts';
import type { MaintenanceCommand } from '#ontology/maintenance.ts';
import type { Message } from '#ontology/message.ts';
import type { Delivery, MessageBus, QueueSpec } from '#ontology/ports/message-bus.ts';
import type { CommandStore, CorrelationStore, MessageJournal } from '#ontology/ports/message-journal.ts';
import { createContractChecker, schemasOf } from './contracts.ts';
import type { ContractChecker } from './contracts.ts';
import { parentOf } from './message-ids.ts';
import type { Fields, Progress, SystemProtocol } from './protocol.ts';
import { SystemSender } from './system-sender.ts';
import type { CommandMessage } from './system-sender.ts';

export interface SystemConnectorConfig {
  /** How often a request is repeated while the other system says the object is locked. @default 8 */
  readonly lockTries?: number;
  /** Waits between deliveries that fail, ms; also the wait while an object is locked. @default [500, 1_000, 5_000, 30_000] */
  readonly retryDelaysMs?: readonly number[];
}

export interface SystemConnectorDeps {
  readonly bus: MessageBus;
  readonly journal: MessageJournal;
  readonly correlations: CorrelationStore;
  readonly commands: CommandStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly tenant: TenantId;
}

/** A connector that runs after `start` and keeps nothing in memory that a restart would lose. */
export interface SystemConnector extends Closable {
  /** Declares the queues and begins to work. @throws {HubError} STORE_UNAVAILABLE, CONNECTOR_UNREACHABLE */
  start(): Promise<void>;
}

/** Queues of one system: the hub's commands, what the system sends, and the system's own queue (kept while it is away). */
export function systemQueues(
  system: string,
  commandTopic: string,
): Record<'commands' | 'inbound' | 'counterpart', QueueSpec> {
  return {
    commands: { name: `hub.${system}`, bindings: [{ exchange: 'hub.cmd', pattern: commandTopic }] },
    inbound: { name: `hub.${system}.in`, bindings: [{ exchange: 'hub.evt', pattern: `ext.${system}.#` }] },
    counterpart: { name: `${system}.in`, bindings: [{ exchange: 'hub.cmd', pattern: `ext.${system}.#` }] },
  };
}

/** Makes the connector that speaks `protocol`. */
export function createSystemConnector<C extends MaintenanceCommand>(
  protocol: SystemProtocol<C>,
  config: SystemConnectorConfig,
  deps: SystemConnectorDeps,
): SystemConnector {
  return new Connector(protocol, config, deps);
}

class Connector<C extends MaintenanceCommand> implements SystemConnector {
  readonly #protocol: SystemProtocol<C>;
  readonly #config: Required<SystemConnectorConfig>;
  readonly #deps: SystemConnectorDeps;
  readonly #commandContracts: ContractChecker;
  readonly #messageContracts: ContractChecker;
  readonly #sender: SystemSender<C>;
  #consumers: readonly Closable[] = [];

  constructor(protocol: SystemProtocol<C>, config: SystemConnectorConfig, deps: SystemConnectorDeps) {
    this.#protocol = protocol;
    this.#config = { lockTries: 8, retryDelaysMs: [500, 1_000, 5_000, 30_000], ...config };
    this.#deps = deps;
    this.#commandContracts = createContractChecker(protocol.commandSchemas);
    this.#messageContracts = createContractChecker(schemasOf(protocol.contracts));
    this.#sender = new SystemSender(protocol, this.#messageContracts, deps);
  }

  async start(): Promise<void> {
    const { bus } = this.#deps;
    const { commands, inbound, counterpart } = systemQueues(
      this.#protocol.system,
      this.#protocol.commandTopic,
    );
    const { retryDelaysMs } = this.#config;
    await bus.declareQueue(counterpart);
    await bus.declareQueue({ ...commands, retryDelaysMs });
    await bus.declareQueue({ ...inbound, retryDelaysMs, deliveryLimit: 20 });
    // One at a time: an answer and the event that belongs to it then come in the order they were sent, if not repeated.
    const onInbound = await bus.consume(inbound.name, (delivery) => this.#onInbound(delivery), {
      prefetch: 1,
    });
    const onCommand = await bus.consume(commands.name, (delivery) => this.#onCommand(delivery), {
      prefetch: 1,
    });
    this.#consumers = [onCommand, onInbound];
  }

  async close(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.close()));
    this.#consumers = [];
  }

  async #onCommand({ message }: Delivery): Promise<void> {
    const { commands } = this.#deps;
    const { system } = this.#protocol;
    const command = this.#command(message);
    this.#assertOwnTenant(message);
    await commands.save(system, message, this.#protocol.references(command.body, message.id));
    await this.#carryOn(command, this.#protocol.begin(command.body, message.id), 1);
  }

  /** @throws {HubError} MESSAGE_INVALID - the message is set aside; a retry would not make it ours. */
  #assertOwnTenant(message: Message): void {
    const { tenant } = this.#deps;
    if (message.tenant === tenant) return;
    throw new HubError(
      'MESSAGE_INVALID',
      `The connector ${this.#protocol.system} works for tenant ${tenant}, not for ${message.tenant}.`,
    );
  }

  async #onInbound(delivery: Delivery): Promise<void> {
    const { message } = delivery;
    this.#assertOwnTenant(message);
    this.#messageContracts.assert(message.type, message.body);
    const body = message.body as Fields;
    if (message.type.endsWith('.Reply')) await this.#onReply(delivery, body);
    else await this.#onEvent(message, body);
  }

  async #onReply({ message, attempt }: Delivery, body: Fields): Promise<void> {
    if (message.correlationId === null)
      throw new HubError(
        'MESSAGE_INVALID',
        `${message.type} ${message.id} does not say which request it answers.`,
      );
    const { parent, step, round } = parentOf(message.correlationId);
    const asked = await this.#deps.commands.byId(this.#protocol.system, parent);
    if (!asked) return this.#onReadBack(message, body);
    const command = this.#command(asked);
    await this.#sender.record('IN', message, command.body.workflowId);
    const error = body['error'] as Fields | undefined;
    if (!error) {
      const progress = this.#protocol.reply(command.body, command.id, step, body['result'] as Fields);
      return this.#carryOn(command, progress, round);
    }
    const [code, reason] = [String(error['code']), String(error['message'])];
    if (error['transient'] !== true || round >= this.#config.lockTries)
      return this.#sender.refuse(command, { code, reason });
    // The queue's delay is the wait: the first delivery goes back, the second begins the command anew.
    if (attempt === 1)
      throw new HubError(
        'CONNECTOR_UNREACHABLE',
        `${this.#protocol.system} cannot do it yet: ${code} ${reason}`,
      );
    await this.#carryOn(command, this.#protocol.begin(command.body, command.id), round + 1);
  }

  async #carryOn(command: CommandMessage<C>, progress: Progress, round: number): Promise<void> {
    const { workflowId } = command.body;
    await this.#sender.link(progress.links ?? [], workflowId);
    for (const fact of progress.facts ?? []) await this.#sender.tell(fact);
    if (progress.refused) await this.#sender.refuse(command, progress.refused);
    if (progress.next) await this.#sender.request(command, progress.next, round);
  }

  /** A thin event says only what changed: the object is read before anybody is told. */
  async #onEvent(message: Message, body: Fields): Promise<void> {
    const readBack = this.#protocol.readBack(message.type, body);
    if (!readBack) return;
    const workflowId = await this.#sender.workflowOf(readBack.references);
    if (workflowId !== null) await this.#sender.record('IN', message, workflowId);
    await this.#sender.readBack(message, readBack.request, workflowId);
  }

  async #onReadBack(message: Message, body: Fields): Promise<void> {
    const error = body['error'] as Fields | undefined;
    if (error?.['transient'] === true)
      throw new HubError(
        'CONNECTOR_UNREACHABLE',
        `${this.#protocol.system} cannot be read yet: ${String(error['message'])}`,
      );
    if (error)
      return this.#deps.log.warn('An object of an event could not be read', { type: message.type, error });
    const facts = this.#protocol.facts(message.type, body['result'] as Fields);
    for (const fact of facts) {
      const workflowId = await this.#sender.tell(fact);
      if (workflowId !== null) await this.#sender.record('IN', message, workflowId);
    }
  }

  #command(message: Message): CommandMessage<C> {
    this.#commandContracts.assert(message.type, message.body);
    return message as CommandMessage<C>;
  }
}
