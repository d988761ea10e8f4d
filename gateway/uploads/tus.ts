import type { IncomingMessage, ServerResponse } from 'node:http';
import { HubError } from '#kernel/errors.ts';
import type { Principal } from '#ontology/principal.ts';
import { checksumAlgorithms, type Upload } from '#ontology/ports/upload-store.ts';
import { uploadPath, type UploadDeps } from './deps.ts';
import { bodyOf, bytesHeader, metadataOf, uploadChecksum } from './headers.ts';

/** Of the protocol and its extensions. @see tus resumable upload protocol 1.0.0 */
export const tusVersion = '1.0.0';
export const tusExtensions = [
  'creation',
  'creation-with-upload',
  'creation-defer-length',
  'checksum',
  'expiration',
  'termination',
] as const;

const bodyType = 'application/offset+octet-stream';

type Handle = (
  req: IncomingMessage,
  res: ServerResponse,
  principal: Principal,
  deps: UploadDeps,
) => Promise<void>;

/** What the server can do; answers without a sign-in and to any version. */
export function answerOptions(res: ServerResponse, maxBytes: number): void {
  res.setHeader('tus-resumable', tusVersion);
  res.setHeader('tus-version', tusVersion);
  res.setHeader('tus-extension', tusExtensions.join(','));
  res.setHeader('tus-max-size', maxBytes);
  res.setHeader('tus-checksum-algorithm', checksumAlgorithms.join(','));
  res.writeHead(204).end();
}

/** Makes an upload, and takes its first bytes where they come along. */
export const createUpload: Handle = async (req, res, principal, deps) => {
  assertVersion(req);
  const length = lengthOf(req);
  const metadata = metadataOf(req.headers);
  const { tenant, subject: by } = principal;
  const name = metadata.get('filename') ?? metadata.get('name') ?? 'unnamed';
  const checksum = uploadChecksum(req.headers);
  const body = hasBody(req) ? limitedBody(req, principal, deps) : null;
  let upload = await deps.uploads.create({ tenant, name, by, length });
  res.setHeader('location', `${uploadPath}/${upload.id}`);
  if (body) {
    assertType(req);
    upload = await deps.uploads.append(tenant, upload.id, 0, body, checksum ? { checksum } : {});
  }
  tell(res, upload);
  res.writeHead(201, { 'content-length': 0 }).end();
};

/** How far an upload is. */
export const describeUpload: Handle = async (req, res, principal, deps) => {
  assertVersion(req);
  const upload = await known(req, principal, deps);
  tell(res, upload);
  res.setHeader('cache-control', 'no-store');
  if (upload.length === null) res.setHeader('upload-defer-length', '1');
  else res.setHeader('upload-length', upload.length);
  res.setHeader('upload-metadata', `filename ${Buffer.from(upload.name, 'utf8').toString('base64')}`);
  res.writeHead(200).end();
};

/** Takes further bytes. */
export const continueUpload: Handle = async (req, res, principal, deps) => {
  assertVersion(req);
  assertType(req);
  const offset = bytesHeader(req.headers, 'upload-offset');
  if (offset === null) throw new HubError('INVALID_INPUT', 'The header Upload-Offset is missing.');
  const { tenant } = principal;
  const { id } = await known(req, principal, deps);
  const checksum = uploadChecksum(req.headers);
  const length = bytesHeader(req.headers, 'upload-length');
  if (length !== null) await deps.uploads.setLength(tenant, id, length);
  const body = limitedBody(req, principal, deps);
  tell(res, await deps.uploads.append(tenant, id, offset, body, checksum ? { checksum } : {}));
  res.writeHead(204).end();
};

/** Drops an upload that belongs to no import. */
export const dropUpload: Handle = async (req, res, principal, deps) => {
  assertVersion(req);
  const { tenant, id, job } = await known(req, principal, deps);
  if (job !== null)
    throw new HubError('STEP_NOT_ALLOWED', 'The upload belongs to an import; cancel that instead.', {
      details: { id },
    });
  await deps.uploads.remove(tenant, id);
  res.setHeader('tus-resumable', tusVersion);
  res.writeHead(204).end();
};

function tell(res: ServerResponse, { offset, expiresAt, job }: Upload): void {
  res.setHeader('tus-resumable', tusVersion);
  res.setHeader('upload-offset', offset);
  if (job === null) res.setHeader('upload-expires', new Date(expiresAt).toUTCString());
}

async function known(req: IncomingMessage, { tenant }: Principal, { uploads }: UploadDeps): Promise<Upload> {
  const id = /^\/import\/([^/?]+)/.exec(req.url ?? '')?.[1] ?? '';
  const upload = await uploads.find(tenant, id);
  if (upload) return upload;
  throw new HubError('NOT_FOUND', 'There is no upload with this id; it may have expired.', {
    details: { id },
  });
}

function assertVersion(req: IncomingMessage): void {
  const version = req.headers['tus-resumable'];
  if (version === tusVersion) return;
  throw new HubError(
    'INVALID_INPUT',
    `Tus-Resumable has to be ${tusVersion}, not ${String(version ?? 'missing')}.`,
    {
      details: { rule: 'tusVersion', versions: [tusVersion] },
    },
  );
}

function lengthOf(req: IncomingMessage): number | null {
  const length = bytesHeader(req.headers, 'upload-length');
  const deferred = req.headers['upload-defer-length'];
  if ((length === null) === (deferred === '1')) return length;
  throw new HubError('INVALID_INPUT', 'Give either Upload-Length or Upload-Defer-Length: 1.');
}

/** @throws {HubError} RATE_LIMITED */
function limitedBody(req: IncomingMessage, principal: Principal, { limiter }: UploadDeps) {
  return limiter?.body(req, principal) ?? bodyOf(req);
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function assertType({ headers }: IncomingMessage): void {
  if (headers['content-type']?.toLowerCase() === bodyType) return;
  throw new HubError('INVALID_INPUT', `The content type of a part of an upload is ${bodyType}.`, {
    details: { rule: 'contentType', types: [bodyType] },
  });
}
