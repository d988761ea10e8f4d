import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createMesConnector, defaultMesConfig } from '#connectors/mes/index.ts';
import { createSapPmConnector, defaultSapPmConfig } from '#connectors/sap-pm/index.ts';
import { Database } from '#connectors/sqlite/database.ts';
import { openSqliteMessageBus } from '#connectors/sqlite/message-bus.ts';
import { SqliteMessageJournal } from '#connectors/sqlite/message-journal.ts';
import { createWmsConnector, defaultWmsConfig } from '#connectors/wms/index.ts';
import { systemClock } from '#kernel/clock.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import { parseTenantId } from '#ontology/ids.ts';
import type { MaintenanceCommand, MaintenanceEvent, Refused } from '#ontology/maintenance.ts';
import type { Message } from '#ontology/message.ts';
import type { MessageBus } from '#ontology/ports/message-bus.ts';
import type { JournalEntry } from '#ontology/ports/message-journal.ts';
import { until } from '#test/contract/message-bus-suite.ts';

export type System = 'sap-pm' | 'mes' | 'wms';
export const tenant = parseTenantId('demo');
const retryDelaysMs = [50, 100, 200];

/** The event of a type; refusals share one form. */
type Told<T> = T extends Refused['type'] ? Refused : Extract<MaintenanceEvent, { type: T }>;

/** A command with its message id. */
export interface Sent {
  readonly id: string;
  readonly command: MaintenanceCommand;
}

/** A process that says {"ready":true}; `onReady` gets all it says with it. */
export async function startProcess(
  script: string,
  args: readonly string[],
  onReady: (line: Record<string, unknown>) => void = () => {},
): Promise<ChildProcess> {
  const child = fork(script, [...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  assert.ok(child.stdout);
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => ['ended'])])) as [
    string,
  ];
  const said = JSON.parse(line === 'ended' ? '{}' : line) as Record<string, unknown>;
  assert.equal(said['ready'], true, `${script} is not ready`);
  onReady(said);
  return child;
}

export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

export function counterpartScript(system: System): string {
  return join(import.meta.dirname, '../../deploy/demo/counterparts', system, 'main.ts');
}

/** The hub's side in this process and one simulated system in a process of its own, over one bus. */
export class CounterpartBench implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'twinhub-counterpart-'));
  readonly events: MaintenanceEvent[] = [];
  readonly #system: System;
  readonly #args: readonly string[];
  readonly #busAddress: string;
  readonly #openBus: () => Promise<MessageBus>;
  readonly #told = new Set<string>();
  readonly #children: ChildProcess[] = [];
  readonly #db: Database;
  readonly journal: SqliteMessageJournal;
  readonly log = createMemoryLogger('warn');
  #bus: MessageBus | undefined;

  readonly #inProcess: boolean;

  /** @param over - another bus than SQLite; or no connector in this process. */
  constructor(
    system: System,
    args: readonly string[] = [],
    over: { address?: string; open?: () => Promise<MessageBus>; connector?: boolean } = {},
  ) {
    this.#inProcess = over.connector ?? true;
    this.#system = system;
    this.#args = args;
    const path = join(this.folder, 'bus.db');
    this.#busAddress = over.address ?? `sqlite:${path}`;
    this.#openBus =
      over.open ?? (async () => openSqliteMessageBus({ path }, { clock: systemClock, log: this.log }));
    this.#db = new Database(join(this.folder, 'hub.db'));
    this.journal = new SqliteMessageJournal(this.#db);
  }

  get bus(): MessageBus {
    assert.ok(this.#bus, 'the bench was not started');
    return this.#bus;
  }

  async start(): Promise<this> {
    try {
      await this.#start();
      return this;
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #start(): Promise<void> {
    this.#bus = await this.#openBus();
    await this.bus.declareQueue({
      name: 'hub.workflows',
      bindings: ['erp.#', 'wms.#', 'mes.#'].map((pattern) => ({ exchange: 'hub.evt' as const, pattern })),
    });
    await this.bus.consume('hub.workflows', async ({ message }) => {
      if (this.#told.has(message.id)) return;
      this.#told.add(message.id);
      this.events.push(message.body as MaintenanceEvent);
    });
    if (this.#inProcess)
      await createConnector(this.#system, { bus: this.bus, journal: this.journal, log: this.log }).start();
  }

  /** Starts the connector in a process of its own, on the same bus and database. */
  async startConnector(): Promise<ChildProcess> {
    const script = join(import.meta.dirname, 'connector-process.ts');
    const child = await startProcess(script, [
      this.#system,
      join(this.folder, 'bus.db'),
      join(this.folder, 'hub.db'),
    ]);
    this.#children.push(child);
    return child;
  }

  /** Starts the simulated system; again on the same data after a kill. */
  async startSystem(more: readonly string[] = []): Promise<ChildProcess> {
    const flags = ['--bus', this.#busAddress, '--data', join(this.folder, 'system'), '--speed', '3600'];
    const child = await startProcess(counterpartScript(this.#system), [...flags, ...this.#args, ...more]);
    this.#children.push(child);
    return child;
  }

  async send(command: MaintenanceCommand, id: string = randomUUID()): Promise<Sent> {
    const message: Message = {
      id,
      type: command.type,
      source: 'twinhub/workflows',
      tenant,
      time: new Date().toISOString(),
      key: command.workflowId,
      correlationId: null,
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      body: command,
    };
    await this.bus.publish({ exchange: 'hub.cmd', routingKey: command.type, message });
    return { id, command };
  }

  /** The n-th event of a type, once it is there. */
  async told<T extends MaintenanceEvent['type']>(type: T, count = 1): Promise<Told<T>> {
    const all = () => this.events.filter((event) => event.type === type);
    await until(
      () => all().length >= count,
      `${type} (told: ${this.events.map((event) => event.type).join(', ')})`,
    );
    return all()[count - 1] as Told<T>;
  }

  journalOf(workflowId: string): Promise<readonly JournalEntry[]> {
    return this.journal.list(tenant, workflowId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#children.map(kill));
    await this.#bus?.close();
    this.#db.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The connector of a system with short delays. */
export function createConnector(
  system: System,
  { bus, journal, log }: { bus: MessageBus; journal: SqliteMessageJournal; log: CounterpartBench['log'] },
) {
  const deps = { bus, journal, correlations: journal, commands: journal, clock: systemClock, log, tenant };
  switch (system) {
    case 'sap-pm':
      return createSapPmConnector({ ...defaultSapPmConfig, retryDelaysMs }, deps);
    case 'mes':
      return createMesConnector({ ...defaultMesConfig, retryDelaysMs }, deps);
    case 'wms':
      return createWmsConnector({ ...defaultWmsConfig, retryDelaysMs }, deps);
  }
}
