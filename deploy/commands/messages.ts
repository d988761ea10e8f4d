import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { connectAmqpMessageBus } from '#connectors/amqp/index.ts';
import { systemQueues } from '#connectors/counterpart/system-connector.ts';
import { openSqliteMessageBus } from '#connectors/sqlite/message-bus.ts';
import { formatInstant, systemClock } from '#kernel/clock.ts';
import { HubError, isHubError } from '#kernel/errors.ts';
import { createJsonLogger } from '#kernel/log.ts';
import type { DeadLetter, MessageBus } from '#ontology/ports/message-bus.ts';
import { analyticsQueue } from '#subgraphs/analytics/service.ts';
import { workflowsQueue } from '#workflows/index.ts';
import { exitCodes, readArguments, UsageError, type ExitCode } from '../arguments.ts';
import { dataPath, readHubConfig } from '../config.ts';
import type { Terminal } from '../terminal.ts';

export const messagesHelp = `twinhub messages list [--queue QUEUE] [--limit N] [--data DIR]
Shows for each queue how many messages are ready, and those that were set aside (dead letters) with the reason.
twinhub messages redrive --queue QUEUE (--id MESSAGE_ID | --all) [--data DIR]
Puts messages that were set aside back into their queue, for a fresh set of attempts. Mend the reason first.
Both work beside a running hub, on the message bus that its settings name (TWINHUB_AMQP_URL, else the data folder).
  --queue QUEUE  one of the queues that 'list' shows
  --limit N      dead letters shown of each queue, newest first, 1 to 1000 (default 20)
  --data DIR     the hub's data folder (default .twinhub, or TWINHUB_DATA_DIR)
Exit codes: 0 nothing is set aside (list), all asked for was put back (redrive); 1 otherwise; 2 usage; 3 cannot read.`;

/** Every queue of a hub with its business systems. */
export const hubQueues: readonly string[] = [
  workflowsQueue.name,
  analyticsQueue.name,
  ...['sap-pm', 'mes', 'wms'].flatMap((system) =>
    Object.values(systemQueues(system, `${system}.#`)).map(({ name }) => name),
  ),
];

const mostLetters = 1_000;

/** `twinhub messages`. @throws {HubError} STORE_UNAVAILABLE, CONNECTOR_UNREACHABLE, CONFIG_INVALID */
export async function messagesCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [action, ...rest] = args;
  if (action === 'list') return list(rest, terminal);
  if (action === 'redrive') return redrive(rest, terminal);
  throw new UsageError(`Say what to do: list or redrive${action === undefined ? '' : `, not ${action}`}.`);
}

async function list(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = readArguments(args, {
    data: { type: 'string' },
    queue: { type: 'string' },
    limit: { type: 'string', default: '20' },
  });
  const limit = Number(values.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > mostLetters)
    throw new UsageError(`--limit is ${values.limit}; allowed is 1 to ${mostLetters}.`);
  const queues = values.queue === undefined ? hubQueues : [knownQueue(values.queue)];
  return withBus(values.data, terminal, async (bus) => {
    let found = 0;
    for (const queue of queues) {
      const letters = await unlessMissing(() => bus.deadLetters(queue, limit));
      if (!letters) continue;
      found += letters.length;
      terminal.out(
        `${queue}: ${await bus.depth(queue)} ready, ${letters.length === limit ? `at least ${limit}` : letters.length} set aside`,
      );
      for (const letter of letters) for (const line of describe(letter)) terminal.out(line);
    }
    return found ? exitCodes.findings : exitCodes.fine;
  });
}

async function redrive(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = readArguments(args, {
    data: { type: 'string' },
    queue: { type: 'string' },
    id: { type: 'string' },
    all: { type: 'boolean' },
  });
  if (values.queue === undefined) throw new UsageError('Say of which queue: --queue QUEUE.');
  if ((values.id === undefined) === !values.all) throw new UsageError('Say which: --id MESSAGE_ID or --all.');
  const queue = knownQueue(values.queue);
  return withBus(values.data, terminal, async (bus) => {
    // Taken down first: a message that fails again at once must not be put back for ever.
    const ids =
      values.id === undefined
        ? (await bus.deadLetters(queue, mostLetters)).map(({ delivery }) => delivery.message.id).reverse()
        : [values.id];
    let back = 0;
    for (const id of ids) {
      if (await bus.redrive(queue, id)) back += 1;
      else terminal.err(`${queue} has set aside no message ${id}.`);
    }
    terminal.out(`${back} message(s) put back into ${queue}.`);
    return back === ids.length ? exitCodes.fine : exitCodes.findings;
  });
}

function knownQueue(name: string): string {
  if (!hubQueues.includes(name))
    throw new UsageError(`There is no queue ${name}; there are ${hubQueues.join(', ')}.`);
  return name;
}

function describe({ delivery, reason, at }: DeadLetter): readonly string[] {
  const { id, type, key, tenant } = delivery.message;
  return [
    `  ${formatInstant(at)} ${type} id ${id}`,
    `    about ${key}, tenant ${tenant}, ${delivery.attempt} attempt(s): ${reason}`,
  ];
}

async function withBus<T>(
  data: string | undefined,
  terminal: Terminal,
  work: (bus: MessageBus) => Promise<T>,
): Promise<T> {
  const folder = dataPath(terminal.env, data, terminal.cwd);
  const { amqp } = readHubConfig(terminal.env, terminal.cwd);
  const deps = { clock: systemClock, log: createJsonLogger({ level: 'error' }) };
  const bus = amqp
    ? await connectAmqpMessageBus(amqp, deps)
    : openSqliteMessageBus({ path: existingFile(folder) }, deps);
  try {
    return await work(bus);
  } finally {
    await bus.close();
  }
}

function existingFile(folder: string): string {
  const path = join(folder, 'messages.sqlite');
  if (!existsSync(path))
    throw new HubError('STORE_UNAVAILABLE', `There is no ${path}: name the hub's data folder with --data.`, {
      details: { path },
    });
  return path;
}

/** A queue that no hub has declared yet holds nothing. */
async function unlessMissing<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (isHubError(error, 'NOT_FOUND')) return null;
    throw error;
  }
}
