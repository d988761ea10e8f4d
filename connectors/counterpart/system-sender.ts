import { formatInstant } from '#kernel/clock.ts';
import type { MaintenanceCommand, MaintenanceEvent } from '#ontology/maintenance.ts';
import type { Message } from '#ontology/message.ts';
import type { ContractChecker } from './contracts.ts';
import { childId, stepInRound } from './message-ids.ts';
import type { Fact, Progress, Step, SystemProtocol, SystemRequest } from './protocol.ts';
import type { SystemConnectorDeps } from './system-connector.ts';

/** A command of a workflow with its body's type known. */
export type CommandMessage<C extends MaintenanceCommand> = Message & { readonly body: C };

/** What a connector says: requests to the system, facts to the workflow; all ids follow from what caused them. */
export class SystemSender<C extends MaintenanceCommand> {
  readonly #protocol: SystemProtocol<C>;
  readonly #contracts: ContractChecker;
  readonly #deps: SystemConnectorDeps;

  constructor(protocol: SystemProtocol<C>, contracts: ContractChecker, deps: SystemConnectorDeps) {
    this.#protocol = protocol;
    this.#contracts = contracts;
    this.#deps = deps;
  }

  async record(direction: 'IN' | 'OUT', message: Message, workflowId: string): Promise<void> {
    const { journal, tenant, clock } = this.#deps;
    const { id: messageId, type, body } = message;
    const { system } = this.#protocol;
    await journal.record({ tenant, workflowId, messageId, direction, system, type, body, at: clock.now() });
  }

  async link(references: readonly string[], workflowId: string): Promise<void> {
    const { correlations, tenant } = this.#deps;
    for (const reference of references)
      await correlations.link(this.#protocol.system, reference, tenant, workflowId);
  }

  async workflowOf(references: readonly string[]): Promise<string | null> {
    for (const reference of references) {
      const found = await this.#deps.correlations.find(this.#protocol.system, reference);
      if (found && found.tenant === this.#deps.tenant) return found.workflowId;
    }
    return null;
  }

  async request(command: CommandMessage<C>, { step, request }: Step, round: number): Promise<void> {
    const id = childId(command.id, stepInRound(step, round));
    await this.#send(id, request, {
      key: command.body.workflowId,
      cause: command,
      workflowId: command.body.workflowId,
    });
  }

  async readBack(event: Message, request: SystemRequest, workflowId: string | null): Promise<void> {
    await this.#send(childId(event.id, 'read'), request, { key: event.key, cause: event, workflowId });
  }

  /** @returns the workflow that was told, or `null` when the fact is about something no workflow knows. */
  async tell(fact: Fact): Promise<string | null> {
    const { commands } = this.#deps;
    const { system } = this.#protocol;
    const owner = (await commands.byReference(system, fact.about)) as CommandMessage<C> | null;
    const workflowId = owner?.body.workflowId ?? (await this.workflowOf(fact.references));
    if (workflowId === null) return null;
    await this.link(fact.references, workflowId);
    const id = owner ? childId(owner.id, fact.kind) : childId(`${system}/${fact.about}`, fact.kind);
    await this.#publishEvent(id, fact.event(workflowId), owner);
    return workflowId;
  }

  async refuse(command: CommandMessage<C>, refused: NonNullable<Progress['refused']>): Promise<void> {
    const { workflowId, type } = command.body;
    const event: MaintenanceEvent = {
      type: this.#protocol.refusedType,
      workflowId,
      command: type,
      ...refused,
    };
    await this.#publishEvent(childId(command.id, 'refused'), event, command);
  }

  async #send(
    id: string,
    { object, action, body }: SystemRequest,
    why: { readonly key: string; readonly cause: Message; readonly workflowId: string | null },
  ): Promise<void> {
    const type = `${this.#protocol.system}.${object}.${action}`;
    this.#contracts.assert(type, body);
    const message = this.#message(id, type, why.key, body, why.cause);
    if (why.workflowId !== null) await this.record('OUT', message, why.workflowId);
    await this.#deps.bus.publish({ exchange: 'hub.cmd', routingKey: `ext.${type}`, message });
  }

  async #publishEvent(id: string, event: MaintenanceEvent, cause: Message | null): Promise<void> {
    const message = this.#message(id, event.type, event.workflowId, event, cause);
    await this.#deps.bus.publish({ exchange: 'hub.evt', routingKey: event.type, message });
  }

  #message(id: string, type: string, key: string, body: unknown, cause: Message | null): Message {
    const { tenant, clock } = this.#deps;
    return {
      id,
      type,
      source: `twinhub/connectors/${this.#protocol.system}`,
      tenant,
      time: formatInstant(clock.now()),
      key,
      correlationId: cause?.id ?? null,
      traceparent: cause?.traceparent ?? null,
      body,
    };
  }
}
