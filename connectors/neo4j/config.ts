import type { ConfigReader } from '#kernel/config.ts';

/** Where the graph database is. */
export interface Neo4jConfig {
  /** `neo4j+s://HOST` (cluster, Aura), `bolt://HOST:7687` (one server), `+ssc` for self-signed certificates. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Every query names it. @default neo4j */
  readonly database: string;
  /** How long a transaction is tried again after a transient failure, ms. @default 5_000 */
  readonly retryMs?: number;
  /** How long to wait for a connection, ms. @default 4_000 */
  readonly connectTimeoutMs?: number;
}

const protocols = ['neo4j', 'neo4j+s', 'neo4j+ssc', 'bolt', 'bolt+s', 'bolt+ssc'];

/**
 * Reads TWINHUB_NEO4J_URL, _USER (default `neo4j`), _PASSWORD (or _PASSWORD_FILE) and _DATABASE (default `neo4j`).
 *
 * @returns `null` when TWINHUB_NEO4J_URL is not set: the embedded store is used.
 */
export function readNeo4jConfig(reader: ConfigReader): Neo4jConfig | null {
  const url = reader.url('TWINHUB_NEO4J_URL', { protocols });
  const user = reader.string('TWINHUB_NEO4J_USER', { default: 'neo4j' });
  const password = reader.secret('TWINHUB_NEO4J_PASSWORD');
  const database = reader.string('TWINHUB_NEO4J_DATABASE', {
    default: 'neo4j',
    pattern: /^[A-Za-z][A-Za-z0-9.-]{2,62}$/,
    allowed: 'a database name: 3 to 63 letters, digits, dots and hyphens',
  });
  if (url === undefined) return null;
  if (password === undefined)
    reader.fault(
      'TWINHUB_NEO4J_PASSWORD',
      undefined,
      'the password of TWINHUB_NEO4J_USER, since TWINHUB_NEO4J_URL is set',
    );
  return Object.freeze({ url, user, password: password ?? '', database });
}
