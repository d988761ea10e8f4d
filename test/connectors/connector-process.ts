/** A connector in a process of its own, for tests that end it. Arguments: system, bus file, hub database file. */
import { Database } from '#connectors/sqlite/database.ts';
import { openSqliteMessageBus } from '#connectors/sqlite/message-bus.ts';
import { SqliteMessageJournal } from '#connectors/sqlite/message-journal.ts';
import { systemClock } from '#kernel/clock.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import { createConnector } from './counterpart-bench.ts';
import type { System } from './counterpart-bench.ts';

const [system, busPath = '', databasePath = ''] = process.argv.slice(2);
const log = createMemoryLogger();
const bus = openSqliteMessageBus({ path: busPath }, { clock: systemClock, log });
const journal = new SqliteMessageJournal(new Database(databasePath));
await createConnector(system as System, { bus, journal, log }).start();
process.on('disconnect', () => process.exit());
process.stdout.write('{"ready":true}\n');
