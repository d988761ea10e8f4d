import type { IncomingMessage, ServerResponse } from 'node:http';
import { HubError } from '#kernel/errors.ts';
import { importAtomicities, type ImportOptions } from '#ontology/import-job.ts';
import type { Principal } from '#ontology/principal.ts';
import type { Upload } from '#ontology/ports/upload-store.ts';
import { requestUrl } from '../http/request-url.ts';
import { sendJson } from '../http/respond.ts';
import { uploadPath, type UploadDeps } from './deps.ts';
import { bodyOf, bytesHeader, contentDigest } from './headers.ts';

/**
 * A whole file in one request: `POST /import?name=FILE` or `PUT /import/FILE`, as `curl -T` sends it. With `start=true` it
 * is imported at once (`dryRun`, `strict`, `createTwins`, `atomicity` as in `startImport`). A file that does not come whole is dropped.
 */
export async function receiveWhole(
  req: IncomingMessage,
  res: ServerResponse,
  principal: Principal,
  deps: UploadDeps,
): Promise<void> {
  const { searchParams: query, pathname } = requestUrl(req);
  const name = nameOf(query, pathname);
  const options = optionsOf(query);
  const checksum = contentDigest(req.headers);
  const { tenant, subject: by } = principal;
  const length = bytesHeader(req.headers, 'content-length');
  const body = deps.limiter?.body(req, principal) ?? bodyOf(req);
  const { id } = await deps.uploads.create({ tenant, name, by, length });
  try {
    const append = { complete: true, ...(checksum ? { checksum } : {}) };
    const upload = await deps.uploads.append(tenant, id, 0, body, append);
    const job = options ? await deps.startImport(principal, [id], options) : null;
    answer(res, upload, job);
  } catch (error) {
    await deps.uploads.remove(tenant, id);
    throw error;
  }
}

function answer(res: ServerResponse, upload: Upload, job: string | null): void {
  const { id, name, offset, sha256, expiresAt } = upload;
  res.setHeader('location', `${uploadPath}/${id}`);
  sendJson(res, 201, {
    id,
    name,
    bytes: offset,
    sha256,
    ...(job === null ? { expiresAt: new Date(expiresAt).toISOString() } : { job }),
  });
}

function nameOf(query: URLSearchParams, pathname: string): string {
  const last = pathname.length > uploadPath.length ? pathname.slice(uploadPath.length + 1) : '';
  const name = query.get('name') ?? decoded(last);
  if (name && !/[\u0000-\u001f\u007f]/.test(name)) return name;
  throw new HubError('INVALID_INPUT', 'Say how the file is called: /import?name=FILE.', {
    details: { path: ['name'] },
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `null` when the import is to be started later. */
function optionsOf(query: URLSearchParams): ImportOptions | null {
  const atomicity = query.get('atomicity') ?? 'ALL_OR_NOTHING';
  const known = importAtomicities.find((one) => one === atomicity);
  if (!known)
    throw new HubError(
      'INVALID_INPUT',
      `atomicity may be ${importAtomicities.join(' or ')}, not ${atomicity}.`,
      {
        details: { path: ['atomicity'] },
      },
    );
  const options = {
    dryRun: flag(query, 'dryRun'),
    strict: flag(query, 'strict'),
    createTwins: flag(query, 'createTwins'),
    atomicity: known,
  };
  return flag(query, 'start') ? options : null;
}

function flag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name) ?? 'false';
  if (text === 'true' || text === 'false') return text === 'true';
  throw new HubError('INVALID_INPUT', `${name} may be true or false, not ${text}.`, {
    details: { path: [name] },
  });
}
