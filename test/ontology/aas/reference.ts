/** The reference implementation for JSON of V3.0, as a second opinion. It reads unknown members without a word. */
import { createRequire } from 'node:module';
import type * as AasCore from '@aas-core-works/aas-core3.0-typescript';

// Its ES module build has imports that Node cannot resolve (1.0.5), so the CommonJS build is loaded.
const core = createRequire(import.meta.url)('@aas-core-works/aas-core3.0-typescript') as typeof AasCore;

/** What the reference implementation says: `null` when valid, else the first fault. */
export function referenceFault(environment: unknown): string | null {
  try {
    const read = core.jsonization.environmentFromJsonable(environment as never);
    if (read.error !== null) return read.error.message;
    for (const fault of core.verification.verify(read.mustValue())) return fault.message;
    return null;
  } catch (error) {
    return String(error);
  }
}

/** What is left of an environment that the reference implementation reads and writes again. */
export function referenceCopy(environment: unknown): unknown {
  return core.jsonization.toJsonable(
    core.jsonization.environmentFromJsonable(environment as never).mustValue(),
  );
}
