import type { ConfigReader } from '#kernel/config.ts';
import type { MaintenanceSettings } from './maintenance/context.ts';

/** Settings of the workflow runtime. */
export interface WorkflowsConfig {
  /** Waits of new workflows, milliseconds; running ones keep those they were started with. */
  readonly settings: MaintenanceSettings;
  /** An approval needs a sign-in not older than this, milliseconds. */
  readonly stepUpMaxAgeMs: number;
}

/**
 * Reads the settings of the workflow runtime; all of them whole numbers.
 *
 * TWINHUB_STEP_UP_MAX_AGE_MINUTES (default 720), TWINHUB_WORKFLOW_STEP_TIMEOUT_SECONDS (900),
 * TWINHUB_WORKFLOW_VERIFY_TIMEOUT_SECONDS (86,400), TWINHUB_WORKFLOW_EXECUTION_GRACE_SECONDS (14,400),
 * TWINHUB_WORKFLOW_APPROVAL_EXPIRY_HOURS (72), TWINHUB_WORKFLOW_RETRY_SECONDS (600), TWINHUB_WORKFLOW_MAX_RETRIES (12).
 */
export function readWorkflowsConfig(reader: ConfigReader): WorkflowsConfig {
  const seconds = (name: string, normal: number) =>
    reader.integer(name, { default: normal, min: 1, max: 31_536_000 }) * 1_000;
  return Object.freeze({
    stepUpMaxAgeMs:
      reader.integer('TWINHUB_STEP_UP_MAX_AGE_MINUTES', { default: 720, min: 1, max: 10_080 }) * 60_000,
    settings: Object.freeze({
      stepTimeoutMs: seconds('TWINHUB_WORKFLOW_STEP_TIMEOUT_SECONDS', 900),
      verifyTimeoutMs: seconds('TWINHUB_WORKFLOW_VERIFY_TIMEOUT_SECONDS', 86_400),
      executionGraceMs: seconds('TWINHUB_WORKFLOW_EXECUTION_GRACE_SECONDS', 14_400),
      approvalExpiryMs:
        reader.integer('TWINHUB_WORKFLOW_APPROVAL_EXPIRY_HOURS', { default: 72, min: 1, max: 8_760 }) *
        3_600_000,
      retryMs: seconds('TWINHUB_WORKFLOW_RETRY_SECONDS', 600),
      maxRetries: reader.integer('TWINHUB_WORKFLOW_MAX_RETRIES', { default: 12, min: 1, max: 1_000 }),
    }),
  });
}
