import { SignJWT, jwtVerify } from 'jose';
import { HubError } from '#kernel/errors.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Principal } from '#ontology/principal.ts';
import { VerifiedTokens } from './verified-tokens.ts';

/** Signs values that only this hub can read back as its own: sessions and half-done sign-ins of browsers. */
export interface Sessions {
  /** A session for a browser's cookie; ends with the principal. */
  issue(principal: Principal): Promise<string>;
  /** @throws {HubError} UNAUTHENTICATED - forged, expired or signed out. */
  read(cookie: string): Promise<Principal>;
  /** Makes a session invalid before its end, and tells those who listen for it. */
  revoke(cookie: string): Promise<void>;
  /**
   * Calls `listener` when the session that `principal` was read from is signed out of; for streams, which are
   * authenticated once. Does nothing for a principal that came from elsewhere.
   * @returns a function that ends the listening.
   */
  onRevoked(principal: Principal, listener: () => void): () => void;
  /** Keeps a text for some minutes in the browser. */
  seal(text: string, lifetimeMs: number): Promise<string>;
  /** @throws {HubError} UNAUTHENTICATED */
  unseal(sealed: string): Promise<string>;
}

/** Sessions that were signed out of, by id, with the time (epoch ms) at which they would have ended. */
export type RevokedSessions = Readonly<Record<string, number>>;

export interface SessionsDeps {
  /** 32 random bytes that stay on this machine. */
  readonly key: Uint8Array;
  readonly clock: Clock;
  /** Whose sign-ins these are: a session of another identity is not valid, though signed with the same key. @default twinhub */
  readonly issuer?: string;
  /** Where sign-outs are kept so that they outlive the process. @default nowhere */
  readonly kept?: { read(): RevokedSessions; write(revoked: RevokedSessions): void };
}

/** Makes the sessions of one hub. */
export function createSessions(deps: SessionsDeps): Sessions {
  const { key, clock, issuer = 'twinhub', kept } = deps;
  const revoked = new Map(Object.entries(kept?.read() ?? {}));
  const ids = new WeakMap<Principal, string>();
  const listeners = new Map<string, Set<() => void>>();

  const sign = (kind: string, claims: Record<string, unknown>, expiresAt: number) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: kind })
      .setIssuer(issuer)
      .setJti(crypto.randomUUID())
      .setExpirationTime(Math.floor(expiresAt / 1000))
      .sign(key);

  const verify = async (kind: string, token: string) => {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        typ: kind,
        issuer,
        requiredClaims: ['exp', 'jti'],
        currentDate: new Date(clock.now()),
      });
      if (payload.jti && revoked.has(payload.jti)) throw new Error('signed out');
      return payload;
    } catch (error) {
      throw sessionEnded(error);
    }
  };

  const read = new VerifiedTokens(clock, async (cookie) => {
    const payload = await verify('session', cookie);
    const principal = payload['principal'] as Principal;
    ids.set(principal, String(payload.jti));
    return principal;
  });

  const forgetExpired = () => {
    for (const [jti, until] of revoked) if (until < clock.now()) revoked.delete(jti);
  };

  return {
    issue: (principal) => sign('session', { principal }, principal.expiresAt),
    read: async (cookie) => {
      const principal = await read.principalOf(cookie);
      // A sign-out ends the session at once, whatever was kept of it.
      if (revoked.has(ids.get(principal) ?? '')) throw sessionEnded(new Error('signed out'));
      return principal;
    },
    revoke: async (cookie) => {
      const payload = await verify('session', cookie).catch(() => null);
      if (!payload?.jti) return;
      forgetExpired();
      revoked.set(payload.jti, (payload.exp ?? 0) * 1000);
      for (const listener of [...(listeners.get(payload.jti) ?? [])]) listener();
      kept?.write(Object.fromEntries(revoked));
    },
    onRevoked: (principal, listener) => {
      const id = ids.get(principal);
      if (id === undefined) return () => {};
      const all = listeners.get(id) ?? new Set();
      listeners.set(id, all.add(listener));
      return () => {
        all.delete(listener);
        if (!all.size) listeners.delete(id);
      };
    },
    seal: (text, lifetimeMs) => sign('pending', { text }, clock.now() + lifetimeMs),
    unseal: async (sealed) => String((await verify('pending', sealed))['text']),
  };
}

function sessionEnded(cause: unknown): HubError {
  return new HubError('UNAUTHENTICATED', 'The session has ended. Sign in again.', { cause });
}
