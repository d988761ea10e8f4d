import type { TenantId } from '../ids.ts';
import type { Message } from '../message.ts';

/** One message exchanged with another system, as it went over the wire. */
export interface JournalEntry {
  readonly tenant: TenantId;
  readonly workflowId: string;
  readonly messageId: string;
  /** `OUT` from the hub to the system, `IN` from the system to the hub. */
  readonly direction: 'OUT' | 'IN';
  /** `sap-pm`, `mes`, `wms`. */
  readonly system: string;
  readonly type: string;
  readonly body: unknown;
  /** Epoch ms. */
  readonly at: number;
}

/** What was said between the hub and other systems, kept for the timeline of a workflow. */
export interface MessageJournal {
  /** Repeats (same tenant, message id and direction) are dropped. Durable when it resolves. */
  record(entry: JournalEntry): Promise<void>;
  /** Oldest first. */
  list(tenant: TenantId, workflowId: string): Promise<readonly JournalEntry[]>;
}

/** Which workflow a reference of another system belongs to (an external reference number, order, job, reservation). */
export interface CorrelationStore {
  /** Durable when it resolves; linking the same again is harmless. */
  link(system: string, reference: string, tenant: TenantId, workflowId: string): Promise<void>;
  find(system: string, reference: string): Promise<{ tenant: TenantId; workflowId: string } | null>;
}

/**
 * Commands that connectors carry out in several steps, so that an answer finds what it answers after a restart or in
 * another process.
 */
export interface CommandStore {
  /**
   * Durable when it resolves; a command whose id is known changes nothing. A reference (what the command is about in
   * the other system's words) leads to the command saved last under it.
   */
  save(system: string, command: Message, references: readonly string[]): Promise<void>;
  byId(system: string, id: string): Promise<Message | null>;
  byReference(system: string, reference: string): Promise<Message | null>;
}
