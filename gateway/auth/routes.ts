import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '#kernel/clock.ts';
import { HubError, isHubError } from '#kernel/errors.ts';
import type { Identity, PersonaSignIn, RedirectSignIn } from '#ontology/ports/identity.ts';
import type { Principal } from '#ontology/principal.ts';
import type { HttpRoute } from '../http-route.ts';
import { sessionCookie } from './authenticate.ts';
import { formatCookie, readCookie } from './cookies.ts';
import type { Sessions } from './sessions.ts';
import { renderSignInPage, signInPolicy, type SignInPage } from './sign-in-page.ts';

const pendingCookie = 'twinhub_sign_in';
const pendingMs = 10 * 60_000;

/** What sign-in needs. */
export interface SignInDeps {
  readonly identity: Identity;
  readonly sessions: Sessions;
  readonly clock: Clock;
  /** Public address of the hub, e.g. `https://twins.example.org`; the provider sends browsers back there. */
  readonly publicUrl: () => string;
}

/** The public routes of sign-in and sign-out. */
export function createSignInRoutes(deps: SignInDeps): readonly HttpRoute[] {
  const { signIn } = deps.identity;
  const page: HttpRoute = {
    method: 'GET',
    path: '/sign-in',
    public: true,
    handle: (req, res) =>
      sendPage(res, 200, {
        next: nextOf(urlOf(req).searchParams),
        personas: signIn.kind === 'personas' ? signIn.personas : null,
        message: null,
        fresh: urlOf(req).searchParams.get('fresh') === 'true',
      }),
  };
  const signOut: HttpRoute = {
    method: 'POST',
    path: '/sign-out',
    public: true,
    handle: (req, res) => handleSignOut(req, res, deps),
  };
  const own = signIn.kind === 'personas' ? [personaRoute(signIn, deps)] : providerRoutes(signIn, deps);
  return [page, ...own, signOut];
}

function personaRoute(signIn: PersonaSignIn, deps: SignInDeps): HttpRoute {
  return {
    method: 'POST',
    path: '/sign-in',
    public: true,
    handle: async (req, res) => {
      assertSameOrigin(req);
      const form = new URLSearchParams(await readBody(req, 4096));
      const principal = await signIn.signIn(form.get('persona') ?? '');
      await enter(res, principal, nextOf(form), deps);
    },
  };
}

function providerRoutes(signIn: RedirectSignIn, deps: SignInDeps): readonly HttpRoute[] {
  const redirectUri = () => `${deps.publicUrl()}/sign-in/callback`;
  const begin: HttpRoute = {
    method: 'GET',
    path: '/sign-in/provider',
    public: true,
    handle: async (req, res) => {
      const query = urlOf(req).searchParams;
      const { url, pending } = await signIn.begin(redirectUri(), { fresh: query.get('fresh') === 'true' });
      const sealed = await deps.sessions.seal(JSON.stringify({ pending, next: nextOf(query) }), pendingMs);
      redirect(res, url, [cookie(deps, pendingCookie, sealed, pendingMs)]);
    },
  };
  const callback: HttpRoute = {
    method: 'GET',
    path: '/sign-in/callback',
    public: true,
    handle: async (req, res) => {
      try {
        const sealed = readCookie(req.headers.cookie, pendingCookie);
        if (!sealed)
          throw new HubError(
            'UNAUTHENTICATED',
            'This sign-in was not begun in this browser, or took longer than 10 minutes.',
          );
        const { pending, next } = JSON.parse(await deps.sessions.unseal(sealed)) as {
          pending: string;
          next: string;
        };
        const principal = await signIn.complete(new URL(`${redirectUri()}${urlOf(req).search}`), pending);
        await enter(res, principal, next, deps, [cookie(deps, pendingCookie, '', 0)]);
      } catch (error) {
        if (!isHubError(error)) throw error;
        sendPage(res, error.code === 'UNAUTHENTICATED' ? 401 : 502, {
          next: '/',
          personas: null,
          message: error.message,
        });
      }
    },
  };
  return [begin, callback];
}

async function handleSignOut(req: IncomingMessage, res: ServerResponse, deps: SignInDeps): Promise<void> {
  assertSameOrigin(req);
  const session = readCookie(req.headers.cookie, sessionCookie);
  if (session) await deps.sessions.revoke(session);
  redirect(res, '/sign-in', [cookie(deps, sessionCookie, '', 0)]);
}

async function enter(
  res: ServerResponse,
  principal: Principal,
  next: string,
  deps: SignInDeps,
  cookies: readonly string[] = [],
): Promise<void> {
  const session = await deps.sessions.issue(principal);
  redirect(res, next, [
    ...cookies,
    cookie(deps, sessionCookie, session, principal.expiresAt - deps.clock.now()),
  ]);
}

function cookie(deps: SignInDeps, name: string, value: string, lifetimeMs: number): string {
  return formatCookie(name, value, {
    maxAgeS: lifetimeMs / 1000,
    secure: deps.publicUrl().startsWith('https:'),
  });
}

/** A local path only: never an address elsewhere (an open redirect), never a sign-in page again. */
function nextOf(query: URLSearchParams): string {
  const next = query.get('next') ?? '/';
  return /^\/(?![/\\])[\w\-./?=&%:,#~@]*$/.test(next) && !next.startsWith('/sign-') ? next : '/';
}

/**
 * Refuses a form sent from another site's page.
 * @throws {HubError} FORBIDDEN
 */
function assertSameOrigin(req: IncomingMessage): void {
  const { origin, host } = req.headers;
  const site = req.headers['sec-fetch-site'];
  const same =
    origin === undefined
      ? site === undefined || site === 'same-origin'
      : URL.canParse(origin) && new URL(origin).host === host;
  if (!same) throw new HubError('FORBIDDEN', 'The request comes from a page of another origin.');
}

function urlOf(req: IncomingMessage): URL {
  return new URL(req.url ?? '/', 'http://hub');
}

async function readBody(req: IncomingMessage, limit: number): Promise<string> {
  let text = '';
  for await (const chunk of req.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > limit)
      throw new HubError('LIMIT_EXCEEDED', `The form is larger than ${limit} characters.`);
  }
  return text;
}

function redirect(res: ServerResponse, to: string, cookies: readonly string[]): void {
  res.writeHead(303, { location: to, 'set-cookie': [...cookies], 'cache-control': 'no-store' }).end();
}

function sendPage(res: ServerResponse, status: number, page: SignInPage): void {
  res
    .writeHead(status, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': signInPolicy,
      'cache-control': 'no-store',
      // not no-referrer: the form's Origin header would be null then
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    })
    .end(renderSignInPage(page));
}
