import type { Clock } from '#kernel/clock.ts';
import type { Lifecycle } from '#kernel/lifecycle.ts';
import type { Logger } from '#kernel/log.ts';
import { connectAmqpMessageBus } from '#connectors/amqp/index.ts';
import { openDuckDbTimeSeriesStore } from '#connectors/duckdb/index.ts';
import { openFolderFileStore } from '#connectors/file-store/index.ts';
import { sweepFiles } from '#connectors/file-store/sweep.ts';
import { createInfluxTimeSeriesStore } from '#connectors/influx/index.ts';
import { createNeo4jTwinStore } from '#connectors/neo4j/index.ts';
import { SqliteAnalyticsState } from '#connectors/sqlite/analytics-state.ts';
import { SqliteChangeSetStore } from '#connectors/sqlite/change-set-store.ts';
import { Database } from '#connectors/sqlite/database.ts';
import { SqliteEvidenceLog } from '#connectors/sqlite/evidence-log.ts';
import { openEvidenceSigner } from '#connectors/sqlite/evidence-signer.ts';
import { openSqliteMessageBus } from '#connectors/sqlite/message-bus.ts';
import { SqliteFileLinks } from '#connectors/sqlite/file-links.ts';
import { SqliteImportJobStore } from '#connectors/sqlite/import-job-store.ts';
import { SqliteMessageJournal } from '#connectors/sqlite/message-journal.ts';
import { SqliteOutbox } from '#connectors/sqlite/outbox.ts';
import { SqliteRecommendationStore } from '#connectors/sqlite/recommendation-store.ts';
import { SqliteTwinStore } from '#connectors/sqlite/twin-store.ts';
import { SqliteWorkflowStore } from '#connectors/sqlite/workflow-store.ts';
import type { ChangeSetStore } from '#ontology/ports/change-set-store.ts';
import type { FileLinks } from '#ontology/ports/file-links.ts';
import type { FileStore } from '#ontology/ports/file-store.ts';
import type { ImportJobStore } from '#ontology/ports/import-job-store.ts';
import type { MessageBus } from '#ontology/ports/message-bus.ts';
import type { TimeSeriesStore } from '#ontology/ports/time-series-store.ts';
import type { TwinStore } from '#ontology/ports/twin-store.ts';
import { redactUrl } from '#kernel/config.ts';
import type { HubConfig } from '../config.ts';
import type { DataFolder } from '../data-folder.ts';

/** Contents that no twin refers to are kept so long: the import they came with may not have ended. */
const unlinkedFileLifetimeMs = 7 * 24 * 3_600_000;

/** All stores of a hub and where each of them is, in words. */
export interface Stores {
  readonly records: Database;
  readonly outbox: SqliteOutbox;
  readonly evidence: SqliteEvidenceLog;
  readonly workflows: SqliteWorkflowStore;
  readonly recommendations: SqliteRecommendationStore;
  readonly analytics: SqliteAnalyticsState;
  readonly journal: SqliteMessageJournal;
  readonly twins: TwinStore;
  readonly series: TimeSeriesStore;
  readonly importJobs: ImportJobStore;
  /** In the engine of the twins. */
  readonly changeSets: ChangeSetStore;
  readonly files: FileStore;
  readonly fileLinks: FileLinks;
  readonly bus: MessageBus;
  /** How other processes reach the message bus: `sqlite:PATH` or the broker's address (with its secrets). */
  readonly busAddress: string;
  readonly places: Readonly<Record<'twins' | 'telemetry' | 'messages' | 'records', string>>;
}

/** Opens the engines that the configuration names, in order, and hands each to the lifecycle. */
export async function openStores(
  config: HubConfig,
  deps: { folder: DataFolder; lifecycle: Lifecycle; clock: Clock; log: Logger },
): Promise<Stores> {
  const { folder, lifecycle, clock, log } = deps;
  const recordsFile = folder.file('hub.sqlite');
  const busFile = folder.file('messages.sqlite');
  const seriesFile = folder.file('telemetry.duckdb');
  const records = lifecycle.add('records', new Database(recordsFile));
  const outbox = new SqliteOutbox(records);
  const evidence = new SqliteEvidenceLog(records, { signer: openEvidenceSigner(folder.path), clock });
  const fileLinks = new SqliteFileLinks(records);
  const filesPath = config.files.path ?? folder.file('files');
  const [twins, series, bus, files] = await Promise.all([
    config.neo4j ? createNeo4jTwinStore(config.neo4j, { clock }) : new SqliteTwinStore(records, clock),
    config.influx
      ? createInfluxTimeSeriesStore(config.influx)
      : openDuckDbTimeSeriesStore({ path: seriesFile }, { clock, log }),
    config.amqp
      ? connectAmqpMessageBus(config.amqp, { clock, log })
      : openSqliteMessageBus({ path: busFile }, { clock, log }),
    openFolderFileStore({ ...config.files, path: filesPath }, { clock }),
  ]);
  // The embedded twin store shares the file of the records, which closes once.
  if (config.neo4j) lifecycle.add('twins', twins);
  lifecycle.add('telemetry store', series);
  lifecycle.add('files', files);
  await sweepFiles(config.tenant, { files, links: fileLinks }, clock.now() - unlinkedFileLifetimeMs);
  lifecycle.add('message bus', bus);
  return {
    records,
    outbox,
    evidence,
    workflows: new SqliteWorkflowStore(records, { outbox, evidence }),
    recommendations: new SqliteRecommendationStore(records, outbox),
    analytics: new SqliteAnalyticsState(records, outbox),
    journal: new SqliteMessageJournal(records),
    twins,
    series,
    importJobs: new SqliteImportJobStore(records),
    changeSets: 'changeSets' in twins ? twins.changeSets : new SqliteChangeSetStore(records, clock),
    files,
    fileLinks,
    bus,
    busAddress: config.amqp ? config.amqp.url : `sqlite:${busFile}`,
    places: {
      twins: config.neo4j ? `Neo4j ${redactUrl(config.neo4j.url)}` : `SQLite ${recordsFile}`,
      telemetry: config.influx ? `InfluxDB ${redactUrl(config.influx.url)}` : `DuckDB ${seriesFile}`,
      messages: config.amqp ? `RabbitMQ ${redactUrl(config.amqp.url)}` : `SQLite ${busFile}`,
      records: `SQLite ${recordsFile}`,
    },
  };
}
