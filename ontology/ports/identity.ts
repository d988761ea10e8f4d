import type { Closable } from '#kernel/lifecycle.ts';
import type { Principal, Role } from '../principal.ts';

/** A person one can sign in as on one machine. */
export interface Persona {
  readonly id: string;
  readonly name: string;
  /** What the person does, one line. */
  readonly duty: string;
  readonly roles: readonly Role[];
}

/** Sign-in by choosing a persona; only ever offered on the loopback interface. */
export interface PersonaSignIn {
  readonly kind: 'personas';
  readonly personas: readonly Persona[];
  /** @throws {HubError} NOT_FOUND - no such persona. */
  signIn(personaId: string): Promise<Principal>;
}

/** Sign-in at a provider elsewhere: the browser is sent there and comes back. @see OpenID Connect Core 1.0, 3.1; RFC 7636 */
export interface RedirectSignIn {
  readonly kind: 'redirect';
  /**
   * Where to send the browser, and what must be kept (secret, for this browser, some minutes) until it is back.
   * @param options.fresh - the provider must ask the person to prove who they are again (step-up).
   * @throws {HubError} CONNECTOR_UNREACHABLE
   */
  begin(redirectUri: string, options: { readonly fresh: boolean }): Promise<{ url: string; pending: string }>;
  /** @throws {HubError} UNAUTHENTICATED - the answer does not fit what was begun, or the provider refused; CONNECTOR_UNREACHABLE */
  complete(callbackUrl: URL, pending: string): Promise<Principal>;
}

/** Who people and programs are. */
export interface Identity extends Closable {
  readonly signIn: PersonaSignIn | RedirectSignIn;
  /** @throws {HubError} UNAUTHENTICATED - not a valid, unexpired token of this issuer for this hub; CONNECTOR_UNREACHABLE */
  verifyBearer(token: string): Promise<Principal>;
}
