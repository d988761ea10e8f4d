import { HubError } from '#kernel/errors.ts';
import type { DuckDbClient } from './client.ts';

const version = 1;

const tables = [
  'CREATE TABLE IF NOT EXISTS store_version (version INTEGER NOT NULL)',
  'CREATE TABLE IF NOT EXISTS series (id INTEGER NOT NULL, tenant VARCHAR NOT NULL, twin VARCHAR NOT NULL, signal VARCHAR NOT NULL)',
  // No primary key: rows are only ever appended, and of two at one time the greater seq wins on reading.
  `CREATE TABLE IF NOT EXISTS samples (
     series INTEGER NOT NULL, time BIGINT NOT NULL, seq BIGINT NOT NULL, late UTINYINT NOT NULL, kind UTINYINT NOT NULL,
     num DOUBLE, text VARCHAR, lines DOUBLE[], unit VARCHAR, quality UTINYINT NOT NULL, status VARCHAR,
     source_time BIGINT, received_time BIGINT NOT NULL)`,
  // The newest sample of each series as of a seq, so that opening reads only what came after.
  'CREATE TABLE IF NOT EXISTS newest AS SELECT * FROM samples LIMIT 0',
  'CREATE TABLE IF NOT EXISTS newest_as_of (seq BIGINT NOT NULL)',
];

/**
 * Makes the tables of a new file.
 * @throws {HubError} STORE_UNAVAILABLE - the file was written by a newer version.
 */
export async function prepareTables(client: DuckDbClient): Promise<void> {
  await client.execute('BEGIN');
  for (const sql of tables) await client.execute(sql);
  const [row] = await client.queryOnWriter('SELECT max(version) FROM store_version');
  const found = row?.[0] ?? null;
  if (found === null) await client.execute('INSERT INTO store_version VALUES (?)', [version]);
  await client.execute('COMMIT');
  if (found !== null && Number(found) > version)
    throw new HubError(
      'STORE_UNAVAILABLE',
      `${client.path} holds version ${Number(found)} of the telemetry tables; this hub knows up to ${version}.`,
    );
}

/** `newest` brought up to date, as rows. */
const newestRows = `SELECT * FROM (SELECT * FROM newest UNION ALL SELECT * FROM samples
  WHERE seq > coalesce((SELECT max(seq) FROM newest_as_of), -1))
  QUALIFY row_number() OVER (PARTITION BY series ORDER BY time DESC, seq DESC) = 1`;

/** The query for the newest sample of each series: series, then `select`. */
export function selectNewest(select: string): string {
  return `SELECT series, ${select} FROM (${newestRows})`;
}

/** Keeps the newest samples as of now and folds the write-ahead log into the file. */
export async function checkpoint(client: DuckDbClient, seq: number): Promise<void> {
  await client.execute('BEGIN');
  try {
    await client.execute(`CREATE OR REPLACE TABLE newest AS ${newestRows}`);
    await client.execute('DELETE FROM newest_as_of');
    await client.execute('INSERT INTO newest_as_of VALUES (?)', [BigInt(seq)]);
    await client.execute('COMMIT');
  } catch (error) {
    await client.rollback();
    throw error;
  }
  await client.execute('CHECKPOINT');
}
