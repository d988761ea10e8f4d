import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createUploadFolder } from '#connectors/upload-folder/index.ts';
import { SimulatedClock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import type { UploadRates } from '#gateway/uploads/rates.ts';
import { createUploadRoutes, UploadLimiter, type UploadDeps } from '#gateway/uploads/routes.ts';
import { parseTenantId } from '#ontology/ids.ts';
import type { ImportOptions } from '#ontology/import-job.ts';
import type { Principal, Role } from '#ontology/principal.ts';
import { startGateway } from './support.ts';

export const acme = parseTenantId('acme');
export const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest();

/** `TENANT.ROLE` as token, or as cookie `session=TENANT.ROLE`. */
function principalOf(headers: IncomingHttpHeaders): Principal | null {
  const token =
    /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ??
    /session=([^;]+)/.exec(headers.cookie ?? '')?.[1];
  if (!token) return null;
  const [tenant = '', role = ''] = token.split('.');
  const known: Principal = {
    tenant: parseTenantId(tenant),
    subject: token,
    personId: token,
    name: token,
    roles: [role as Role],
    authTime: 0,
    acr: null,
    expiresAt: Number.MAX_SAFE_INTEGER,
  };
  return known;
}

interface Started {
  readonly uploads: readonly string[];
  readonly options: ImportOptions;
}

type Body = NonNullable<RequestInit['body']>;

/** A gateway that takes uploads into a folder. */
export async function startUploads(
  t: TestContext,
  limits: { upload?: number; tenant?: number; rates?: UploadRates } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'twinhub-uploads-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const clock = new SimulatedClock(1_800_000_000_000);
  let count = 0;
  const maxUploadBytes = limits.upload ?? 10_000_000;
  const uploads = createUploadFolder(
    { path: folder, maxUploadBytes, maxTenantBytes: limits.tenant ?? 100_000_000, lifetimeMs: 3_600_000 },
    { clock, newId: () => `upload-${(count += 1)}` },
  );
  const started: Started[] = [];
  const startImport: UploadDeps['startImport'] = async (_, ids, options) => {
    if (options.strict)
      throw new HubError('LIMIT_EXCEEDED', 'Too many wait.', { details: { limit: 'importsWaiting' } });
    started.push({ uploads: ids, options });
    return 'job-1';
  };
  const rules = { allowedHosts: ['localhost', '127.0.0.1'], allowedOrigins: ['https://console.example'] };
  const routes = createUploadRoutes({
    uploads,
    rules,
    ...(limits.rates ? { limiter: new UploadLimiter(clock, limits.rates) } : {}),
    maxBytes: maxUploadBytes,
    startImport,
    log: createMemoryLogger(),
  });
  const { url } = await startGateway(t, {
    routes,
    deps: { authenticate: async (headers) => principalOf(headers) },
  });
  const send = (
    method: string,
    path: string,
    options: { body?: Body; headers?: Record<string, string>; as?: string | null } = {},
  ) =>
    fetch(`${url}${path}`, {
      method,
      body: options.body ?? null,
      headers: {
        ...(options.as === null ? {} : { authorization: `Bearer ${options.as ?? 'acme.integrator'}` }),
        ...options.headers,
      },
    });
  const tus = (method: string, path: string, headers: Record<string, string> = {}, body?: Body) =>
    send(method, path, {
      headers: { 'tus-resumable': '1.0.0', ...headers },
      ...(body === undefined ? {} : { body }),
    });
  const begin = async (length: number, headers: Record<string, string> = {}) => {
    const response = await tus('POST', '/import', { 'upload-length': String(length), ...headers });
    assert.equal(response.status, 201);
    return response.headers.get('location') ?? '';
  };
  const patch = (path: string, offset: number, body: Body, headers: Record<string, string> = {}) =>
    tus(
      'PATCH',
      path,
      { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset), ...headers },
      body,
    );
  return { url, folder, clock, uploads, started, send, tus, begin, patch };
}
