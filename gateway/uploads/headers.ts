import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { HubError } from '#kernel/errors.ts';
import {
  checksumAlgorithms,
  type AppendOptions,
  type ChecksumAlgorithm,
} from '#ontology/ports/upload-store.ts';

type Checksum = NonNullable<AppendOptions['checksum']>;

const digestBytes: Readonly<Record<ChecksumAlgorithm, number>> = { sha1: 20, sha256: 32, md5: 16 };

/**
 * A whole number of bytes in a header; `null` when the header is not there.
 * @throws {HubError} INVALID_INPUT
 */
export function bytesHeader(headers: IncomingHttpHeaders, name: string): number | null {
  const text = headers[name];
  if (text === undefined) return null;
  if (typeof text === 'string' && /^\d{1,15}$/.test(text)) return Number(text);
  throw invalid(`${name} has to be a whole number of bytes, not ${JSON.stringify(text)}.`);
}

/**
 * Names and values of `Upload-Metadata`: keys with base64 values, separated by commas.
 * @throws {HubError} INVALID_INPUT
 * @see tus resumable upload protocol 1.0.0, Creation, Upload-Metadata
 */
export function metadataOf(headers: IncomingHttpHeaders): ReadonlyMap<string, string> {
  const text = headers['upload-metadata'];
  const found = new Map<string, string>();
  for (const pair of typeof text === 'string' && text ? text.split(',') : []) {
    const [key = '', value = '', ...rest] = pair.trim().split(' ');
    if (!key || rest.length || found.has(key) || !/^[A-Za-z0-9+/]*={0,2}$/.test(value))
      throw invalid('Upload-Metadata has to be unique keys, each with a base64 value, separated by commas.');
    found.set(key, Buffer.from(value, 'base64').toString('utf8'));
  }
  return found;
}

/** What `Upload-Checksum` says. @throws {HubError} INVALID_INPUT @see tus 1.0.0, Checksum */
export function uploadChecksum(headers: IncomingHttpHeaders): Checksum | undefined {
  const text = headers['upload-checksum'];
  if (text === undefined) return undefined;
  const [name, value = ''] = String(text).split(' ');
  const algorithm = checksumAlgorithms.find((known) => known === name);
  if (!algorithm) throw invalid(`Upload-Checksum may be of ${checksumAlgorithms.join(', ')}, not ${name}.`);
  return { algorithm, digest: digestOf(algorithm, value, 'Upload-Checksum') };
}

/** The SHA-256 of `Content-Digest` or `Repr-Digest`; other algorithms are passed over. @see RFC 9530 */
export function contentDigest(headers: IncomingHttpHeaders): Checksum | undefined {
  const text = [headers['content-digest'], headers['repr-digest']].flat().join(', ');
  const value = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]*):/i.exec(text)?.[1];
  return value === undefined
    ? undefined
    : { algorithm: 'sha256', digest: digestOf('sha256', value, 'Content-Digest') };
}

function digestOf(algorithm: ChecksumAlgorithm, base64: string, header: string): Buffer {
  const digest = Buffer.from(base64, 'base64');
  if (digest.length === digestBytes[algorithm]) return digest;
  throw invalid(`${header} does not hold a ${algorithm} digest in base64.`);
}

/** The body as it comes. @throws {HubError} CANCELLED - the sender went away before its end. */
export async function* bodyOf(req: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    // Not destroyed when the reader stops early: the sender is to get an answer.
    for await (const chunk of req.iterator({ destroyOnReturn: false })) yield chunk as Uint8Array;
  } catch (error) {
    throw new HubError('CANCELLED', 'The sender went away.', { cause: error });
  }
  if (!req.complete) throw new HubError('CANCELLED', 'The sender went away.');
}

function invalid(message: string): HubError {
  return new HubError('INVALID_INPUT', message);
}
