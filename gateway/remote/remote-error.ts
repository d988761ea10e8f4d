import type { ResponsePath, SubgraphError } from '../engine/types.ts';

/** An error as a subgraph in another process reported it. */
export class RemoteError extends Error implements SubgraphError {
  readonly path: ResponsePath | undefined;
  readonly extensions: Readonly<Record<string, unknown>>;
  /** Whether clients may see message and extensions as they came; otherwise only codes of the hub get through. */
  readonly passed: boolean;

  constructor(error: SubgraphError, passed: boolean) {
    super(error.message);
    this.path = error.path;
    this.extensions = error.extensions ?? {};
    this.passed = passed;
  }
}
