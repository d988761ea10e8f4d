import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

type Row = Readonly<Record<string, unknown>>;

/** Rows of a file in a hub's data folder, read beside whoever else has it open. */
export function rowsOf(dataDir: string, file: string, sql: string, ...values: string[]): readonly Row[] {
  const db = new DatabaseSync(join(dataDir, file), { readOnly: true, timeout: 5_000 });
  try {
    return db.prepare(sql).all(...values) as Row[];
  } finally {
    db.close();
  }
}

/** The objects of one kind in a simulated system's own file. */
export function objectsOf(dataDir: string, system: 'sap-pm' | 'mes' | 'wms', kind: string): readonly Row[] {
  const rows = rowsOf(
    dataDir,
    `demo/${system}/${system}.db`,
    'SELECT value FROM object WHERE kind = ? ORDER BY id',
    kind,
  );
  return rows.map((row) => JSON.parse(String(row['value'])) as Row);
}

/** Messages of the embedded bus that were set aside, one line each. */
export function deadLettersOf(dataDir: string): readonly string[] {
  const rows = rowsOf(
    dataDir,
    'messages.sqlite',
    "SELECT queue, message_id, routing_key, attempt, reason FROM bus_message WHERE state = 'dead'",
  );
  return rows.map((row) => JSON.stringify(row));
}

/** Messages on their way: in a queue, or in an outbox and not yet published. */
export function messagesUnderWay(dataDir: string): readonly string[] {
  const queued = rowsOf(
    dataDir,
    'messages.sqlite',
    "SELECT queue, message_id, state, attempt FROM bus_message WHERE state IN ('ready', 'waiting', 'flight')",
  );
  const pending = rowsOf(dataDir, 'hub.sqlite', 'SELECT message_id FROM outbox WHERE published_at IS NULL');
  const ofSystems = (['sap-pm', 'mes', 'wms'] as const).flatMap((system) =>
    rowsOf(dataDir, `demo/${system}/${system}.db`, 'SELECT outgoing FROM outbox'),
  );
  return [...queued, ...pending, ...ofSystems].map((row) => JSON.stringify(row));
}
