import type { MaintenanceCommand, MaintenanceEvent, Refused } from '#ontology/maintenance.ts';
import type { MessageContracts } from './contracts.ts';
import type { JsonSchema } from './schema.ts';

/** A request to the other system; its message type is `<system>.<object>.<action>`. */
export interface SystemRequest {
  readonly object: string;
  readonly action: string;
  readonly body: unknown;
}

/** One step of carrying out a command: its name (no `/`, no `.`) makes the request's id deterministic. */
export interface Step {
  readonly step: string;
  readonly request: SystemRequest;
}

/** Something that is so in the other system, as a workflow wants to hear it. */
export interface Fact {
  /** Part of the message id, e.g. `released`; equal facts about one command are told once. */
  readonly kind: string;
  /** The reference under which the command that wants to know was saved. */
  readonly about: string;
  /** The system's own references of the object; each is linked to the workflow. */
  readonly references: readonly string[];
  readonly event: (workflowId: string) => MaintenanceEvent;
}

/** What follows from an answer. */
export interface Progress {
  readonly next?: Step;
  readonly facts?: readonly Fact[];
  readonly refused?: { readonly code: string; readonly reason: string };
  /** References to link to the command's workflow. */
  readonly links?: readonly string[];
}

/** A reply's good result, or a field-checked event body. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * How one system is spoken to: pure functions from commands and answers to requests and facts. Each command starts
 * with a look at what is there already, so that doing it again has no second effect.
 */
export interface SystemProtocol<C extends MaintenanceCommand> {
  /** `sap-pm`, `mes`, `wms`. */
  readonly system: string;
  /** Topic of the commands, e.g. `erp.#`. */
  readonly commandTopic: string;
  readonly refusedType: Refused['type'];
  readonly commandSchemas: Readonly<Record<C['type'], JsonSchema>>;
  readonly contracts: MessageContracts;
  /** References under which facts find the command. */
  references(command: C, commandId: string): readonly string[];
  begin(command: C, commandId: string): Progress;
  reply(command: C, commandId: string, step: string, result: Fields): Progress;
  /** What to read when this thin event comes; `null` when it says nothing the hub needs. */
  readBack(
    type: string,
    body: Fields,
  ): { readonly request: SystemRequest; readonly references: readonly string[] } | null;
  /** What the answer to a read-back says. */
  facts(replyType: string, result: Fields): readonly Fact[];
}
