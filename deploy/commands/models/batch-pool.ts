/** Threads that judge lists of lines, and are replaced when one does not answer in time or dies. */
import { Worker } from 'node:worker_threads';

export interface PoolOptions {
  readonly threads: number;
  /** For one line, milliseconds. */
  readonly timeoutMs: number;
  /** The answer to a line that no thread could judge. */
  readonly giveUp: (line: string, why: Failure) => string;
}

/** Why a line has no answer: it took too long, its thread wanted more memory than there is, or ended otherwise. */
export type Failure = 'slow' | 'memory' | 'died';

/** Memory of one thread, MiB; a case that wants more ends its thread, not the batch. */
const maxHeapMb = 2_048;

export class BatchPool {
  readonly #options: PoolOptions;
  readonly #idle: Worker[] = [];
  readonly #waiting: ((worker: Worker) => void)[] = [];
  #count = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Answers to the lines, in their order. Never rejects. */
  async judge(lines: readonly string[]): Promise<readonly string[]> {
    const answers: string[] = [];
    while (answers.length < lines.length) {
      const worker = await this.#take();
      const failure = await this.#ask(worker, lines.slice(answers.length), answers);
      if (failure === null) this.#giveBack(worker);
      else {
        // The line after the last answer is the one at fault; the others go on in another thread.
        answers.push(this.#options.giveUp(lines[answers.length] ?? '', failure));
        await this.#drop(worker);
      }
    }
    return answers;
  }

  /** Ends the threads; nothing may be in work. */
  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((worker) => worker.terminate()));
  }

  #ask(worker: Worker, lines: readonly string[], answers: string[]): Promise<Failure | null> {
    return new Promise((done) => {
      const end = (failure: Failure | null) => {
        clearTimeout(timer);
        worker.off('message', onAnswer).off('exit', onExit).off('error', onError);
        done(failure);
      };
      let open = lines.length;
      const timer = setTimeout(() => end('slow'), this.#options.timeoutMs);
      const onAnswer = (answer: string) => {
        timer.refresh();
        answers.push(answer);
        if (--open === 0) end(null);
      };
      let why: Failure = 'died';
      const onError = (error: Error & { readonly code?: string }) => {
        if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') why = 'memory';
      };
      const onExit = () => end(why);
      worker.on('message', onAnswer).on('exit', onExit).on('error', onError);
      worker.postMessage(lines);
    });
  }

  #take(): Promise<Worker> | Worker {
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (this.#count < this.#options.threads) {
      this.#count += 1;
      return newWorker();
    }
    return new Promise((taken) => this.#waiting.push(taken));
  }

  #giveBack(worker: Worker): void {
    const next = this.#waiting.shift();
    if (next) next(worker);
    else this.#idle.push(worker);
  }

  async #drop(worker: Worker): Promise<void> {
    await worker.terminate();
    const next = this.#waiting.shift();
    if (next) next(newWorker());
    else this.#count -= 1;
  }
}

function newWorker(): Worker {
  const worker = new Worker(new URL('./batch-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  // `exit` follows and is told; without a listener an error would end the process.
  worker.on('error', () => undefined);
  return worker;
}
