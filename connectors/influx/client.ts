import {
  flux,
  HttpError,
  InfluxDB,
  type Cancellable,
  type ParameterizedQuery,
  type QueryApi,
} from '@influxdata/influxdb-client';
import { HubError, isHubError, messageOf } from '#kernel/errors.ts';
import { stoppable } from '#kernel/work-signal.ts';
import type { InfluxConfig } from './config.ts';

/** A row of a Flux result: its columns by name, `result` the name of its yield. */
export type FluxRow = Readonly<Record<string, unknown>>;

/** Talks to one bucket; the only user of the driver's connections. */
export class InfluxClient {
  readonly #writes: InfluxDB;
  readonly #queries: QueryApi;
  readonly #config: InfluxConfig;
  #open = true;

  constructor(config: InfluxConfig) {
    const { url, token } = config;
    this.#config = config;
    this.#writes = new InfluxDB({ url, token, timeout: config.writeTimeoutMs ?? 5_000 });
    this.#queries = new InfluxDB({ url, token, timeout: config.queryTimeoutMs ?? 15_000 }).getQueryApi({
      org: config.org,
      gzip: true,
    });
  }

  get bucket(): string {
    return this.#config.bucket;
  }

  /**
   * Sends lines in one request and resolves when the server has taken them.
   *
   * The driver's WriteApi batches in the background and drops the errors of batches it sends by itself, so one is made
   * for each request, large enough never to send before `flush`, and without retries of its own.
   *
   * @throws {HubError} STORE_UNAVAILABLE
   */
  async write(lines: readonly string[]): Promise<void> {
    this.assertOpen();
    const { org, bucket } = this.#config;
    const api = this.#writes.getWriteApi(org, bucket, 'ms', {
      batchSize: lines.length + 1,
      maxBatchBytes: Number.MAX_SAFE_INTEGER,
      flushInterval: 0,
      maxRetries: 0,
      // Handed back as it is: otherwise the driver prints it to the console as well.
      writeFailed: (error) => Promise.reject(error),
    });
    try {
      api.writeRecords(lines as string[]);
      await api.flush();
    } catch (error) {
      throw this.#translate(error);
    }
  }

  /**
   * All rows of a Flux query. When the work it is part of ends early, nothing more is read of the answer; the driver has
   * no way to hang up before the answer begins, so the server may go on until the query's deadline.
   * @throws {HubError} STORE_UNAVAILABLE, INTERNAL
   */
  async query(flux: ParameterizedQuery): Promise<FluxRow[]> {
    this.assertOpen();
    let running: Cancellable | undefined;
    return stoppable(
      () => this.#collect(flux, (started) => (running = started)),
      () => running?.cancel(),
    );
  }

  #collect(flux: ParameterizedQuery, onStart: (running: Cancellable) => void): Promise<FluxRow[]> {
    const rows: FluxRow[] = [];
    return new Promise((resolve, reject) => {
      this.#queries.queryRows(flux, {
        useCancellable: onStart,
        next: (row, table) => void rows.push(table.toObject(row)),
        error: (error) => reject(this.#translate(error)),
        // Comes also when it was cancelled.
        complete: () => resolve(rows),
      });
    });
  }

  /**
   * Asks a question that needs address, token, organisation and bucket to be right.
   * @throws {HubError} STORE_UNAVAILABLE - naming what is wrong.
   */
  async probe(): Promise<void> {
    const question = flux`from(bucket: ${this.bucket}) |> range(start: -1s) |> filter(fn: (r) => r._measurement == "") |> limit(n: 1)`;
    try {
      await this.query(question);
    } catch (error) {
      // An unknown organisation is a fault of the request for the server; the request itself is known to be good.
      if (!isHubError(error, 'INTERNAL')) throw error;
      throw new HubError(
        'STORE_UNAVAILABLE',
        `${error.message} Is there an organisation ${this.#config.org}?`,
        { cause: error },
      );
    }
  }

  /** @throws {HubError} STORE_UNAVAILABLE - the store was closed. */
  assertOpen(): void {
    if (!this.#open)
      throw new HubError(
        'STORE_UNAVAILABLE',
        `The telemetry store at ${new URL(this.#config.url).host} is closed.`,
      );
  }

  /** Nothing stays connected between requests. */
  close(): void {
    this.#open = false;
  }

  #translate(error: unknown): HubError {
    const server = new URL(this.#config.url).host;
    const status = error instanceof HttpError ? error.statusCode : undefined;
    const details = { server, bucket: this.#config.bucket, status };
    const options = { cause: error, details };
    if (status === 400 || status === 422)
      return new HubError(
        'INTERNAL',
        `InfluxDB at ${server} refused a request of the telemetry store: ${messageOf(error)}.`,
        options,
      );
    if (status === 401 || status === 403)
      return new HubError(
        'STORE_UNAVAILABLE',
        `InfluxDB at ${server} refuses the token for bucket ${details.bucket}.`,
        options,
      );
    if (status === 404)
      return new HubError(
        'STORE_UNAVAILABLE',
        `InfluxDB at ${server} has no bucket ${details.bucket} in organisation ${this.#config.org}.`,
        options,
      );
    return new HubError(
      'STORE_UNAVAILABLE',
      `InfluxDB at ${server} does not answer: ${messageOf(error)}`,
      options,
    );
  }
}
