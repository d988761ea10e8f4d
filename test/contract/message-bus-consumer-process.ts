/** A consumer in a process of its own, for tests that end it. Arguments: database file, queue, hang | work | exit. */
import { openSqliteMessageBus } from '#connectors/sqlite/message-bus.ts';
import { systemClock } from '#kernel/clock.ts';
import { createMemoryLogger } from '#kernel/log.ts';

const [path = '', queue = '', mode] = process.argv.slice(2);
const bus = openSqliteMessageBus({ path }, { clock: systemClock, log: createMemoryLogger() });
process.send?.('ready');
await bus.consume(queue, async ({ message }) => {
  if (mode === 'exit') process.exit(1);
  process.send?.(message.body);
  if (mode === 'hang') await new Promise(() => {});
});
process.on('disconnect', () => process.exit());
