import type { Clock } from '#kernel/clock.ts';
import type { TenantId, TwinId } from '#ontology/ids.ts';
import type { VerifyRepair } from '#ontology/maintenance.ts';
import type { Message } from '#ontology/message.ts';
import type { AnalyticsState, StoredVerification } from '#ontology/ports/analytics-state.ts';
import type { RecommendationStore } from '#ontology/ports/recommendation-store.ts';
import type { AnalyticsConfig } from './config.ts';
import type { FinishedVerification } from './detect/asset-detector.ts';
import {
  deadlineText,
  judgeRepair,
  notVerified,
  readVerifyRepair,
  toVerification,
  verifiedMessage,
  type VerificationResult,
} from './verify-repair.ts';
import type { Watcher } from './watcher.ts';

interface VerifierDeps {
  readonly state: AnalyticsState;
  readonly recommendations: RecommendationStore;
  readonly clock: Clock;
}

/**
 * Checks after repairs: stored when the command comes, counted by the detector (its progress is stored with it), answered
 * once, also over a restart.
 */
export class RepairVerifier {
  readonly #config: AnalyticsConfig;
  readonly #deps: VerifierDeps;
  readonly #watcherOf: (tenant: TenantId, twinId: TwinId) => Watcher | null;
  readonly #open = new Map<string, StoredVerification>();

  constructor(
    config: AnalyticsConfig,
    deps: VerifierDeps,
    watcherOf: (tenant: TenantId, twinId: TwinId) => Watcher | null,
  ) {
    this.#config = config;
    this.#deps = deps;
    this.#watcherOf = watcherOf;
  }

  /** Takes up the checks that a former process left open. */
  async resume(): Promise<void> {
    for (const verification of await this.#deps.state.openVerifications()) await this.#begin(verification);
  }

  /** Takes a command; the same one again changes nothing. */
  async accept(message: Message, command: VerifyRepair): Promise<void> {
    const deadline = this.#deps.clock.now() + this.#config.verificationDeadlineMs;
    const verification = toVerification(message, command, deadline);
    if (await this.#deps.state.addVerification(verification)) await this.#begin(verification);
  }

  /** Answers a check that has seen enough. */
  async answer(watcher: Watcher, { progress, features }: FinishedVerification): Promise<void> {
    const verification = this.#open.get(progress.id);
    if (verification) await this.#answer(verification, judgeRepair(watcher.detector, progress, features));
  }

  hasOverdue(): boolean {
    const now = this.#deps.clock.now();
    return [...this.#open.values()].some(({ deadline }) => deadline <= now);
  }

  async answerOverdue(): Promise<void> {
    const now = this.#deps.clock.now();
    for (const verification of [...this.#open.values()].filter(({ deadline }) => deadline <= now)) {
      const progress =
        this.#watcherOf(verification.tenant, verification.twinId)?.detector.abandonVerification(
          verification.id,
        ) ?? null;
      await this.#fail(verification, deadlineText(progress));
    }
  }

  async #begin(verification: StoredVerification): Promise<void> {
    const { id, tenant, twinId } = verification;
    const command = readVerifyRepair(verification.command);
    this.#open.set(id, verification);
    const watcher = this.#watcherOf(tenant, twinId);
    if (!watcher)
      return this.#fail(
        verification,
        `${twinId} is not watched: there is no such asset, or it has no signals.`,
      );
    const { detector } = watcher;
    if (!detector.learned)
      return this.#fail(
        verification,
        `What is normal for ${twinId} has not been learned yet, so nothing can be compared.`,
      );
    const [recommendation] = await this.#deps.recommendations.get(tenant, [command.recommendationId]);
    const features = detector.featuresOf(command.recommendationId, recommendation?.findings ?? []);
    if (features.length === 0)
      return this.#fail(verification, 'None of the signals of the recommendation is watched.');
    detector.startVerification({
      id,
      after: Date.parse(command.repairedAt),
      wanted: this.#config.verificationSamples,
      features,
      rounds: 0,
      observedFrom: null,
      observedTo: null,
      sums: {},
    });
    watcher.dirty = true;
  }

  #fail(verification: StoredVerification, text: string): Promise<void> {
    const after = Date.parse(readVerifyRepair(verification.command).repairedAt);
    return this.#answer(verification, notVerified(text, after, this.#deps.clock.now()));
  }

  async #answer(verification: StoredVerification, result: VerificationResult): Promise<void> {
    await this.#deps.state.answerVerification(
      verification.id,
      verifiedMessage(verification, result, this.#deps.clock.now()),
    );
    this.#open.delete(verification.id);
  }
}
