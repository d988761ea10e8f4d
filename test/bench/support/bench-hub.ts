import { defaultAnalyticsConfig } from '#subgraphs/analytics/config.ts';
import { startHub, type HubOptions, type HubProcess } from '#test/e2e/support/hub-process.ts';

const analytics = defaultAnalyticsConfig([]);

/** What the end-to-end tests shorten is as `npm start` has it. */
const defaults = {
  TWINHUB_DEMO_SAMPLE_PERIOD_MS: '1000',
  TWINHUB_ANALYTICS_BASELINE_SAMPLES: String(analytics.detector.baselineSamples),
  TWINHUB_ANALYTICS_VERIFICATION_SAMPLES: String(analytics.verificationSamples),
};

/** Starts a hub with the settings of `npm start`. */
export function startBenchHub(options: HubOptions = {}): Promise<HubProcess> {
  return startHub({ speed: 60, ...options, env: { ...defaults, ...options.env } });
}
