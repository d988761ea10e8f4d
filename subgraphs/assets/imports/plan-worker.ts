/** The worker that plans one import: everything heavy happens here, so that the hub goes on answering meanwhile. */
import { parentPort, workerData } from 'node:worker_threads';
import type { AnswerMessage, CallMessage, PlanRequest } from './messages.ts';
import { planJob } from './plan.ts';
import { WorkerLookups, type Call } from './worker-lookups.ts';

const port = parentPort;
if (!port) throw new Error('This file runs as a worker.');

const waiting = new Map<number, (value: unknown) => void>();
let calls = 0;

port.on('message', ({ call, value }: AnswerMessage) => {
  waiting.get(call)?.(value);
  waiting.delete(call);
});

const ask = ((method, argument) =>
  new Promise<unknown>((resolve) => {
    const message: CallMessage = { call: (calls += 1), method, argument };
    waiting.set(message.call, resolve);
    port.postMessage(message);
  })) as Call;

await planJob(workerData as PlanRequest, ask, new WorkerLookups(ask));
port.close();
