/** The federation suites once more, planned by gateway/planning. */
import { usePlanner } from './support.ts';

usePlanner('own');
await import('./abstract.test.ts');
await import('./behaviours.test.ts');
await import('./entities.test.ts');
await import('./failures.test.ts');
await import('./monolith.test.ts');
await import('./operations.test.ts');
await import('./overrides.test.ts');
await import('./plans.test.ts');
await import('./subscriptions.test.ts');
await import('./variables.test.ts');
