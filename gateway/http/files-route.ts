import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { HubError } from '#kernel/errors.ts';
import { isAllowed, type Principal } from '#ontology/principal.ts';
import type { FileLink, FileLinks } from '#ontology/ports/file-links.ts';
import type { ByteRange, FileStore } from '#ontology/ports/file-store.ts';
import type { HttpRoute } from '../http-route.ts';
import { requestUrl } from './request-url.ts';

/** Types a browser may know the file by; whatever could run in a page is none of them. */
const plainTypes: ReadonlySet<string> = new Set([
  'application/json',
  'application/pdf',
  'application/zip',
  'image/gif',
  'image/jpeg',
  'image/png',
  'image/webp',
  'text/csv',
  'text/plain',
]);

/**
 * `GET /files/SHA256`: a file of a twin of the caller's tenant, always as a download and never as a page. One range is
 * answered (206), and what the caller has already is not sent again (304).
 */
export function createFilesRoute(deps: { readonly files: FileStore; readonly links: FileLinks }): HttpRoute {
  return {
    method: 'GET',
    path: '/files/*',
    public: false,
    handle: async (req, res, principal) => {
      if (!principal || !isAllowed(principal, 'read'))
        throw new HubError('FORBIDDEN', 'Files are for people and programs with a role in the tenant.');
      await sendFile(req, res, principal, deps);
    },
  };
}

async function sendFile(
  req: IncomingMessage,
  res: ServerResponse,
  { tenant }: Principal,
  { files, links }: { readonly files: FileStore; readonly links: FileLinks },
): Promise<void> {
  const sha256 = requestUrl(req).pathname.slice('/files/'.length);
  const link = await links.ofContent(tenant, sha256);
  const stored = link && (await files.find(tenant, sha256));
  if (!link || !stored) throw new HubError('NOT_FOUND', 'There is no such file.');
  const headers = { etag: `"${sha256}"`, ...headersOf(link) };
  if (isKnown(req, headers.etag)) return void res.writeHead(304, headers).end();
  const range = rangeOf(req, stored.size, headers.etag);
  if (range === 'none') {
    const unsatisfied = { ...headers, 'content-range': `bytes */${stored.size}`, 'content-length': 0 };
    return void res.writeHead(416, unsatisfied).end();
  }
  const content = await files.read(tenant, sha256, range ?? undefined);
  if (!content) throw new HubError('NOT_FOUND', 'There is no such file.');
  const { start, end } = content.range;
  res.writeHead(range ? 206 : 200, {
    ...headers,
    'content-length': end - start,
    ...(range ? { 'content-range': `bytes ${start}-${end - 1}/${stored.size}` } : {}),
  });
  if (req.method === 'HEAD') return void res.end();
  await pipeline(Readable.from(content.bytes, { objectMode: false }), res).catch(ignoreGone);
}

/** A caller that goes away in the middle is no fault of ours. @throws everything else */
function ignoreGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}

function headersOf({ contentType, name }: FileLink) {
  const plain = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  return {
    'content-type': plainTypes.has(plain) ? plain : 'application/octet-stream',
    'content-disposition': `attachment; filename="${asciiOf(name)}"; filename*=UTF-8''${encodedOf(name)}`,
    'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'accept-ranges': 'bytes',
    // The browser asks each time, so that it shows nothing after the sign-in ended.
    'cache-control': 'private, no-cache',
    vary: 'authorization, cookie',
  };
}

function asciiOf(name: string): string {
  return name.replace(/[^\w.() -]/g, '_').slice(0, 150) || 'file';
}

/** @see RFC 8187, 3.2.1 */
function encodedOf(name: string): string {
  const whole = name
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}/\\]/gu, '_')
    .slice(0, 150)
    .toWellFormed();
  return encodeURIComponent(whole || 'file').replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  );
}

function isKnown(req: IncomingMessage, etag: string): boolean {
  const known = (req.headers['if-none-match'] ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  return known.includes(etag) || known.includes('*');
}

/** One range of bytes; `null` for all, `none` for one that begins behind the end. @see RFC 9110, 14.2 */
function rangeOf(req: IncomingMessage, size: number, etag: string): ByteRange | 'none' | null {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(req.headers.range ?? '');
  const condition = req.headers['if-range'];
  if (!found || (condition !== undefined && condition !== etag)) return null;
  const [, first = '', last = ''] = found;
  if (first === '' && last === '') return null;
  if (first === '')
    return Number(last) === 0 || size === 0 ? 'none' : { start: Math.max(0, size - Number(last)), end: size };
  if (last !== '' && Number(last) < Number(first)) return null;
  if (Number(first) >= size) return 'none';
  return { start: Number(first), end: last === '' ? size : Math.min(Number(last) + 1, size) };
}
