import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import type { Principal } from '#ontology/principal.ts';
import type { Identity } from '#ontology/ports/identity.ts';
import { readCookie } from './cookies.ts';
import type { Sessions } from './sessions.ts';
import { VerifiedTokens } from './verified-tokens.ts';

/** Name of the browser's session cookie. */
export const sessionCookie = 'twinhub_session';

/** Finds out who asks. */
export interface Authenticator {
  /** From an HTTP request: bearer token first, then session cookie. `null` when it carries neither. @throws {HubError} UNAUTHENTICATED */
  request(headers: IncomingHttpHeaders): Promise<Principal | null>;
  /** From a graphql-transport-ws connection: `authorization` of the connection_init payload, else as `request`. */
  socket(connectionParams: unknown, headers: IncomingHttpHeaders): Promise<Principal | null>;
}

/** Checks bearer tokens with the identity and cookies with the sessions. */
export function createAuthenticator(deps: {
  identity: Identity;
  sessions: Sessions;
  clock: Clock;
}): Authenticator {
  const { identity, sessions, clock } = deps;
  const tokens = new VerifiedTokens(clock, (token) => identity.verifyBearer(token));
  const byBearer = (header: string): Promise<Principal> => {
    const token = /^Bearer ([\w.~+/=-]+)$/i.exec(header)?.[1];
    if (!token)
      throw new HubError('UNAUTHENTICATED', 'The authorization header is not of the form "Bearer TOKEN".');
    return tokens.principalOf(token);
  };
  const request = async (headers: IncomingHttpHeaders) => {
    if (headers.authorization !== undefined) return byBearer(headers.authorization);
    const cookie = readCookie(headers.cookie, sessionCookie);
    return cookie ? sessions.read(cookie) : null;
  };
  return {
    request,
    socket: async (connectionParams, headers) => {
      const given =
        connectionParams !== null && typeof connectionParams === 'object'
          ? Object.entries(connectionParams)
          : [];
      const [, header] = given.find(([name]) => name.toLowerCase() === 'authorization') ?? [];
      return typeof header === 'string' ? byBearer(header) : request(headers);
    },
  };
}
