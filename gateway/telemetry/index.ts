export { readTelemetryConfig, type TelemetryConfig } from './config.ts';
export { createMetricsRoute } from './metrics-route.ts';
export { traceResolvers } from './resolvers.ts';
export { Telemetry, type ObservedAnswer } from './telemetry.ts';
