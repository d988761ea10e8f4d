import { createReadStream, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { messageOf } from '#kernel/errors.ts';
import { JsonText, toPlain } from '#ontology/json-text.ts';
import { exitCodes, UsageError, type ExitCode } from '../../arguments.ts';
import type { Terminal } from '../../terminal.ts';
import { asOutput } from './batch-output.ts';
import { linesOf, listsOf } from './batch-lines.ts';
import { BatchPool, type Failure } from './batch-pool.ts';

export interface BatchOptions {
  /** A file, or `-`. */
  readonly file: string;
  /** What `-` stands for. @default standard input */
  readonly input?: AsyncIterable<Uint8Array>;
  /** Longest time for one case, milliseconds. @default 30_000 */
  readonly timeoutMs?: number;
}

const maxThreads = 4;

/**
 * Judges a batch: one case a line in, one verdict a line out, in the same order, as soon as it and those before are
 * there: somebody who sends a case and waits gets its verdict before sending the next. Empty lines are passed over.
 *
 * @returns `fine` when the batch was read to its end, whatever the verdicts.
 */
export async function checkBatch(options: BatchOptions, terminal: Terminal): Promise<ExitCode> {
  const threads = Math.max(1, Math.min(maxThreads, availableParallelism()));
  const timeoutMs = options.timeoutMs ?? 30_000;
  const pool = new BatchPool({ threads, timeoutMs, giveUp: giveUp(timeoutMs) });
  const told: Promise<void>[] = [];
  try {
    for await (const lines of linesOf(inputOf(options, terminal)))
      for (const list of listsOf(lines)) {
        const judged = pool.judge(list);
        const before = told.at(-1) ?? Promise.resolve();
        told.push(before.then(async () => terminal.out((await judged).join('\n'))));
        // Two lists for each thread: one in work, one waiting; more would only take up memory.
        if (told.length >= threads * 2) await told.shift();
      }
  } finally {
    await told.at(-1);
    await pool.close();
  }
  return exitCodes.fine;
}

function inputOf({ file, input }: BatchOptions, terminal: Terminal): AsyncIterable<Uint8Array> {
  if (file === '-') return input ?? process.stdin;
  const path = resolve(terminal.cwd, file);
  try {
    if (statSync(path).isDirectory()) throw new Error('it is a folder');
  } catch (error) {
    throw new UsageError(`Cannot read ${file}: ${messageOf(error)}`, error);
  }
  return createReadStream(path, { highWaterMark: 1_048_576 });
}

const giveUp = (timeoutMs: number) => (line: string, why: Failure) => {
  const [code, message] = {
    slow: ['hub:tooSlow', `The case was not judged within ${timeoutMs} ms.`],
    memory: ['hub:outOfMemory', 'The case takes more memory than there is.'],
    died: ['hub:internal', 'The case cannot be judged: its thread ended.'],
  }[why] as [string, string];
  return asOutput({ id: idOf(line), valid: false, errors: [{ code, message, path: '' }] });
};

function idOf(line: string): unknown {
  try {
    const { root } = JsonText.parse(line);
    const id = root.kind === 'object' ? root.members.get('id') : undefined;
    return id ? toPlain(id) : null;
  } catch {
    return null;
  }
}
