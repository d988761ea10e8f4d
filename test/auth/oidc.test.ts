import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import Provider from 'oidc-provider';
import { systemClock } from '#kernel/clock.ts';
import { ConfigReader } from '#kernel/config.ts';
import { isHubError } from '#kernel/errors.ts';
import { createOidcIdentity } from '#connectors/oidc/index.ts';
import { readOidcConfig, type OidcConfig } from '#connectors/oidc/config.ts';
import { createAuthenticator, sessionCookie } from '#gateway/auth/authenticate.ts';
import { createSignInRoutes } from '#gateway/auth/routes.ts';
import { createSessions } from '#gateway/auth/sessions.ts';
import { findRoute } from '#gateway/http-route.ts';

/** A real provider (development interactions: any login name works) and a hub that has nothing but sign-in. */
let provider: Server;
let hub: Server;
let issuer: string;
let hubUrl: string;
let config: OidcConfig;
const sessions = createSessions({ key: new Uint8Array(32).fill(1), clock: systemClock });

const listen = (server: Server) =>
  new Promise<string>((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    ),
  );

before(async () => {
  hub = createServer((req, res) => {
    const route = findRoute(routes, req.method ?? 'GET', (req.url ?? '/').split('?')[0] ?? '/');
    if (!route) return void res.writeHead(404).end();
    Promise.resolve(route.handle(req, res, null)).catch((error: unknown) =>
      res.writeHead(500).end(String(error)),
    );
  });
  hubUrl = await listen(hub);
  provider = createServer((req, res) => void app(req, res));
  issuer = await listen(provider);
  const app = new Provider(issuer, {
    clients: [
      {
        client_id: 'twinhub',
        client_secret: 'provider-secret',
        redirect_uris: [`${hubUrl}/sign-in/callback`],
        grant_types: ['authorization_code', 'client_credentials'],
      },
    ],
    findAccount: (_ctx, id) => ({
      accountId: id,
      claims: () => ({
        sub: id,
        name: `Name of ${id}`,
        tenant: 'acme',
        realm_access: { roles: ['PLANNERS', 'operator', 'unknown'] },
      }),
    }),
    claims: { openid: ['sub'], profile: ['name', 'tenant', 'realm_access'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    cookies: { keys: ['test'] },
    features: {
      devInteractions: { enabled: true },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => 'urn:twinhub',
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'read',
          audience: 'urn:twinhub',
          accessTokenFormat: 'jwt',
          accessTokenTTL: 600,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    extraTokenClaims: () => ({ tenant: 'acme', realm_access: { roles: ['integrator'] } }),
    ttl: { IdToken: 600, Interaction: 600, Session: 600, Grant: 600 },
  }).callback();
  const reader = new ConfigReader({
    TWINHUB_OIDC_ISSUER: issuer,
    TWINHUB_OIDC_CLIENT_ID: 'twinhub',
    TWINHUB_OIDC_CLIENT_SECRET: 'provider-secret',
    TWINHUB_OIDC_AUDIENCE: 'urn:twinhub',
    TWINHUB_OIDC_ROLES_CLAIM: 'realm_access.roles',
    TWINHUB_OIDC_ROLE_NAMES: 'PLANNERS=planner',
    TWINHUB_OIDC_ALLOW_INSECURE: 'true',
  });
  const read = readOidcConfig(reader);
  reader.finish('TWINHUB_');
  assert.ok(read);
  config = read;
  const identity = createOidcIdentity(config, { clock: systemClock });
  const routes = createSignInRoutes({ identity, sessions, clock: systemClock, publicUrl: () => hubUrl });
});

after(() => {
  provider.closeAllConnections();
  hub.closeAllConnections();
  provider.close();
  hub.close();
});

/** A browser as far as this needs one: keeps cookies per host, follows redirects, sends forms. */
function createBrowser() {
  const jar = new Map<string, Map<string, string>>();
  return {
    cookie: (url: string, name: string) => jar.get(new URL(url).host)?.get(name),
    async go(
      url: string,
      form?: Record<string, string>,
    ): Promise<{ url: string; status: number; text: string }> {
      const { host } = new URL(url);
      const cookies = jar.get(host) ?? new Map<string, string>();
      jar.set(host, cookies);
      const response = await fetch(url, {
        method: form ? 'POST' : 'GET',
        redirect: 'manual',
        headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
        ...(form ? { body: new URLSearchParams(form) } : {}),
      });
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (value) cookies.set(name, value);
        else cookies.delete(name);
      }
      const location = response.headers.get('location');
      const next = location && new URL(location, url).href;
      return next && !next.startsWith(`${hubUrl}/done`)
        ? this.go(next)
        : { url: next ?? url, status: response.status, text: await response.text() };
    },
  };
}

async function signIn(browser: ReturnType<typeof createBrowser>, login: string) {
  const loginPage = await browser.go(`${hubUrl}/sign-in/provider?next=/done`);
  const action = (page: { url: string; text: string }) =>
    new URL(/action="([^"]+)"/.exec(page.text)?.[1] ?? '', page.url).href;
  const consent = await browser.go(action(loginPage), { prompt: 'login', login, password: 'any' });
  return browser.go(action(consent), { prompt: 'consent' });
}

test('a browser signs in at a real provider with PKCE and gets a session with the mapped roles', async () => {
  const browser = createBrowser();
  const end = await signIn(browser, 'petra');
  assert.equal(end.url, `${hubUrl}/done`);
  const cookie = browser.cookie(hubUrl, sessionCookie);
  assert.ok(cookie);
  const principal = await sessions.read(cookie);
  assert.equal(principal.subject, 'petra');
  assert.equal(principal.name, 'Name of petra');
  assert.equal(principal.tenant, 'acme');
  assert.deepEqual(principal.roles, ['operator', 'planner']);
  assert.ok(Math.abs(principal.authTime - Date.now()) < 60_000);
  assert.equal(browser.cookie(hubUrl, 'twinhub_sign_in'), undefined);
});

test('an answer of the provider that this browser did not ask for gives no session', async () => {
  const browser = createBrowser();
  const stray = await browser.go(`${hubUrl}/sign-in/callback?code=abc&state=def`);
  assert.equal(stray.status, 401);
  assert.match(stray.text, /not begun in this browser/);
  const loginPage = await browser.go(`${hubUrl}/sign-in/provider?next=/done`);
  assert.equal(loginPage.status, 200);
  const forged = await browser.go(
    `${hubUrl}/sign-in/callback?code=abc&state=def&iss=${encodeURIComponent(issuer)}`,
  );
  assert.equal(forged.status, 401);
  assert.equal(browser.cookie(hubUrl, sessionCookie), undefined);
});

test('a provider that refuses is named with its error code', async () => {
  const browser = createBrowser();
  const loginPage = await browser.go(`${hubUrl}/sign-in/provider?next=/done`);
  const refused = await browser.go(
    new URL(/href="([^"]*abort[^"]*)"/.exec(loginPage.text)?.[1] ?? '', loginPage.url).href,
  );
  assert.equal(refused.status, 401);
  assert.match(refused.text, /access_denied/);
});

test('a bearer token of the provider is taken; one for somebody else, of another issuer or damaged is not', async () => {
  const identity = createOidcIdentity(config, { clock: systemClock });
  const authenticator = createAuthenticator({ identity, sessions, clock: systemClock });
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from('twinhub:provider-secret').toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource: 'urn:twinhub', scope: 'read' }),
  });
  const { access_token: token } = (await response.json()) as { access_token: string };
  const principal = await authenticator.request({ authorization: `Bearer ${token}` });
  assert.deepEqual(principal?.roles, ['integrator']);
  assert.equal(principal?.tenant, 'acme');
  const refused = (error: unknown) => isHubError(error, 'UNAUTHENTICATED');
  const forOthers = createOidcIdentity({ ...config, audience: 'urn:other' }, { clock: systemClock });
  await assert.rejects(forOthers.verifyBearer(token), refused);
  const damaged = `${token.slice(0, -4)}${token.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;
  await assert.rejects(identity.verifyBearer(damaged), refused);
});

test('a provider that does not answer is an error of its own, and is asked again next time', async () => {
  const dead = createOidcIdentity({ ...config, issuer: 'http://127.0.0.1:9' }, { clock: systemClock });
  await assert.rejects(dead.verifyBearer('x.y.z'), (error) => isHubError(error, 'CONNECTOR_UNREACHABLE'));
});

test('http issuers and missing client ids are faults of the configuration', () => {
  const reader = new ConfigReader({
    TWINHUB_OIDC_ISSUER: 'http://idp.example',
    TWINHUB_OIDC_ROLE_NAMES: 'a=nonsense',
  });
  readOidcConfig(reader);
  assert.throws(() => reader.finish('TWINHUB_'), /ROLE_NAMES[\s\S]*CLIENT_ID[\s\S]*https/);
});
