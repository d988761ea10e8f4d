import { HubError, type ErrorCode, type ErrorDetails } from '#kernel/errors.ts';

/** A subgraph in another process: its name in the supergraph, and where it answers. */
export interface RemotePeer {
  readonly name: string;
  /** http or https. */
  readonly url: URL;
}

/**
 * An address as clients and logs may see it: without user, password, query and fragment, which may hold secrets.
 */
export function maskedUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/** A failure of a remote subgraph, named by subgraph and masked address. */
export function peerError(
  { name, url }: RemotePeer,
  code: ErrorCode,
  what: string,
  more: { readonly cause?: unknown; readonly details?: ErrorDetails } = {},
): HubError {
  return new HubError(code, `Subgraph ${name} ${what}`, {
    details: { subgraph: name, url: maskedUrl(url), ...more.details },
    cause: more.cause,
  });
}
