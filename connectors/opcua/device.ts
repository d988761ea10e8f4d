import { Broadcast } from '#kernel/broadcast.ts';
import { redactUrl } from '#kernel/config.ts';
import { messageOf } from '#kernel/errors.ts';
import type { FieldDevice, LinkState, LinkStatus } from '#ontology/ports/field-device.ts';
import { SampleBatch } from './batch.ts';
import { openCertificateStore } from './client.ts';
import type { OpcUaConfig } from './config.ts';
import type { CertificateStore, OpcUaLink, RawValue } from './driver.ts';
import type { OpcUaDeps } from './deps.ts';
import type { Mapping } from './mapping.ts';
import { SignalInputs } from './signal-inputs.ts';
import { openLink } from './subscription.ts';

const batchPeriodMs = 100;
const watchPeriodMs = 500;
const closeTimeoutMs = 1500;

/** A link to one OPC UA server: connects, listens, notices that it is gone, says so, and comes back. */
export class OpcUaDevice implements FieldDevice {
  readonly #config: OpcUaConfig;
  readonly #endpoint: string;
  readonly #deps: OpcUaDeps;
  readonly #inputs: SignalInputs;
  // One for all attempts: the driver keeps something of each manager ever made.
  readonly #certificates: CertificateStore;
  readonly #batch: SampleBatch;
  readonly #changes = new Broadcast<LinkStatus>();
  readonly #abort = new AbortController();
  #link: OpcUaLink | null = null;
  #ended: Promise<void> | null = null;
  #state: LinkState = 'CONNECTING';
  #since: number;
  #reason: string | null = null;

  constructor(config: OpcUaConfig, endpoint: string, mapping: Mapping, deps: OpcUaDeps) {
    this.#config = config;
    this.#endpoint = endpoint;
    this.#deps = deps;
    this.#since = deps.clock.now();
    this.#certificates = openCertificateStore(deps.certificateFolder, config.trustUnknownServers);
    this.#batch = new SampleBatch(batchPeriodMs, deps);
    this.#inputs = new SignalInputs(mapping.routes, deps, (sample) => this.#batch.add(sample));
  }

  status(): LinkStatus {
    return {
      name: this.#config.name,
      protocol: 'OPC UA',
      endpoint: redactUrl(this.#endpoint),
      state: this.#state,
      since: this.#since,
      reason: this.#reason,
      mappedSignals: this.#inputs.signalCount,
      samplesReceived: this.#batch.count,
    };
  }

  onStatus(listener: (status: LinkStatus) => void): () => void {
    return this.#changes.listen(listener);
  }

  /** Works until closed. Never throws because of the server. */
  run(): Promise<void> {
    return (this.#ended ??= this.#loop());
  }

  async close(): Promise<void> {
    if (this.#state === 'CLOSED') return;
    this.#set('CLOSED', null);
    this.#abort.abort();
    await this.#link?.close(closeTimeoutMs);
    this.#batch.flush();
    // An attempt to connect under way cannot be called back; it ends by its own deadline.
    await Promise.race([this.#ended, this.#deps.clock.sleep(closeTimeoutMs)]);
    await this.#certificates.close();
  }

  async #loop(): Promise<void> {
    let delayMs = this.#config.reconnectMinMs;
    while (!this.#abort.signal.aborted) {
      const since = this.#deps.clock.now();
      const reason = await this.#session().catch((error: unknown) => messageOf(error));
      if (this.#abort.signal.aborted) return;
      this.#interrupt(reason);
      // A link that held for a while starts over with short pauses.
      if (this.#deps.clock.now() - since > 2 * this.#config.reconnectMaxMs)
        delayMs = this.#config.reconnectMinMs;
      await this.#deps.clock.sleep(delayMs, this.#abort.signal).catch(() => {});
      delayMs = Math.min(delayMs * 2, this.#config.reconnectMaxMs);
    }
  }

  /** One session from connecting to its end; resolves with the reason it ended. */
  async #session(): Promise<string> {
    const { clock } = this.#deps;
    const link = await openLink({
      ...this.#config,
      endpoint: this.#endpoint,
      certificates: this.#certificates,
      now: () => clock.now(),
    });
    this.#link = link;
    try {
      if (this.#abort.signal.aborted) return 'closed';
      this.#inputs.reset();
      const failures = await link.monitor(this.#inputs.nodeIds, (index, raw) => this.#take(index, raw));
      for (const { index, status } of failures) this.#inputs.fail(index, status);
      this.#set('ONLINE', null);
      return await this.#watch(link);
    } finally {
      this.#link = null;
      await link.close(closeTimeoutMs);
    }
  }

  #take(index: number, raw: RawValue): void {
    if (this.#state !== 'CLOSED') this.#inputs.take(index, raw);
  }

  /** Resolves with the reason when the link is gone, silence included: a hung server closes no connection. */
  async #watch(link: OpcUaLink): Promise<string> {
    const { clock } = this.#deps;
    const lost = link.lost.then((reason) => ({ reason }));
    for (;;) {
      const ended = await Promise.race([
        lost,
        clock.sleep(watchPeriodMs, this.#abort.signal).catch(() => ({ reason: 'closed' })),
      ]);
      if (ended) return ended.reason;
      const silentMs = clock.now() - link.lastHeard();
      if (silentMs > this.#config.livenessTimeoutMs) return `nothing came from the server for ${silentMs} ms`;
    }
  }

  #interrupt(reason: string): void {
    const first = this.#reason === null;
    if (first) this.#inputs.interrupt('BadNoCommunication');
    this.#batch.flush();
    // Before the first success it is still connecting, and the reason says why it does not get on.
    this.#set(this.#state === 'CONNECTING' ? 'CONNECTING' : 'INTERRUPTED', reason);
  }

  #set(state: LinkState, reason: string | null): void {
    const { clock, log } = this.#deps;
    if (state === this.#state && reason === this.#reason) return;
    const fields = {
      name: this.#config.name,
      endpoint: redactUrl(this.#endpoint),
      from: this.#state,
      to: state,
      reason,
    };
    // A link that never came up says why as well: nobody sees it otherwise.
    if (reason !== null && state !== 'CLOSED') log.warn('OPC UA link', fields);
    else log.info('OPC UA link', fields);
    if (state !== this.#state) this.#since = clock.now();
    this.#state = state;
    this.#reason = reason;
    this.#changes.publish(this.status());
  }
}
