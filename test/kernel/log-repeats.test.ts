import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutRepeats } from '#kernel/log-repeats.ts';
import { createLogger, type LogLine } from '#kernel/log.ts';

function collecting(): { lines: LogLine[]; now: { ms: number }; log: ReturnType<typeof createLogger> } {
  const lines: LogLine[] = [];
  const now = { ms: 0 };
  return {
    lines,
    now,
    log: createLogger(withoutRepeats((line) => lines.push(line), { windowMs: 60_000, now: () => now.ms })),
  };
}

test('the same line with other numbers is written once, and then once a minute with how often it was left out', () => {
  const { lines, now, log } = collecting();
  for (let second = 0; second < 150; second += 1) {
    now.ms = second * 1_000;
    log.warn('RabbitMQ is not connected', { delayMs: second, error: new Error('refused') });
  }
  assert.deepEqual(
    lines.map((line) => line['repeats']),
    [undefined, 59, 59],
  );
});

test('another reason, another queue and another level are lines of their own', () => {
  const { lines, log } = collecting();
  log.warn('Tried again', { queue: 'a', error: new Error('refused') });
  log.warn('Tried again', { queue: 'b', error: new Error('refused') });
  log.warn('Tried again', { queue: 'b', error: new Error('reset') });
  log.error('Tried again', { queue: 'b', error: new Error('reset') });
  assert.equal(lines.length, 4);
});

test('a thousand different lines do not make it remember more and more', () => {
  const { lines, log } = collecting();
  for (let i = 0; i < 3_000; i += 1) log.warn('Set aside', { messageId: `m${i}` });
  log.warn('Set aside', { messageId: 'm0' });
  assert.equal(lines.length, 3_001);
});
