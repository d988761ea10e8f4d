import type { IncomingMessage, ServerResponse } from 'node:http';
import { HubError } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import { isAllowed, permissions, type Principal } from '#ontology/principal.ts';
import { isOriginAllowed } from '../http/guard.ts';
import { sendJson, tellRetryAfter } from '../http/respond.ts';
import type { HttpRoute } from '../http-route.ts';
import { httpStatusOfError, presentError } from '../present-error.ts';
import { uploadPath, type UploadDeps } from './deps.ts';
import { receiveWhole } from './one-shot.ts';
import {
  answerOptions,
  continueUpload,
  createUpload,
  describeUpload,
  dropUpload,
  tusVersion,
} from './tus.ts';

export type { UploadDeps } from './deps.ts';
export { UploadLimiter } from './rates.ts';

type Handle = (
  req: IncomingMessage,
  res: ServerResponse,
  principal: Principal,
  deps: UploadDeps,
) => Promise<void>;

/**
 * Uploads of files to import: resumable by the tus protocol, or whole in one request. They need the permission to import.
 */
export function createUploadRoutes(deps: UploadDeps): readonly HttpRoute[] {
  const route = (method: string, path: string, handle: Handle): HttpRoute => ({
    method,
    path,
    public: false,
    longBody: true,
    handle: async (req, res, principal) => {
      try {
        const known = allowed(req, principal, deps);
        deps.limiter?.count(known);
        await handle(req, res, known, deps);
      } catch (error) {
        refuse(req, res, error, deps.log);
      }
    },
  });
  const below = `${uploadPath}/*`;
  const options: HttpRoute = {
    method: 'OPTIONS',
    path: below,
    public: true,
    handle: (_req, res) => answerOptions(res, deps.maxBytes),
  };
  return [
    options,
    route('POST', uploadPath, (req, ...rest) => (isTus(req) ? createUpload : receiveWhole)(req, ...rest)),
    route('POST', below, overridden),
    route('PUT', below, receiveWhole),
    // HEAD reaches it, too.
    route('GET', below, describeUpload),
    route('PATCH', below, continueUpload),
    route('DELETE', below, dropUpload),
  ];
}

const isTus = ({ headers }: IncomingMessage): boolean => headers['tus-resumable'] !== undefined;

/** For clients whose way knows no PATCH and DELETE. @see tus 1.0.0, X-HTTP-Method-Override */
const overridden: Handle = async (req, res, principal, deps) => {
  const method = req.headers['x-http-method-override'];
  if (method === 'PATCH') return continueUpload(req, res, principal, deps);
  if (method === 'DELETE') return dropUpload(req, res, principal, deps);
  throw new HubError('INVALID_INPUT', 'POST to /import to begin an upload, PATCH to continue one.', {
    details: { rule: 'method' },
  });
};

/** @throws {HubError} FORBIDDEN - a page of another site, or a role that may not import. */
function allowed(
  { headers }: IncomingMessage,
  principal: Principal | null,
  { rules }: UploadDeps,
): Principal {
  if (!principal) throw new HubError('UNAUTHENTICATED', 'No valid sign-in came with the request.');
  // A bearer token is sent by who has it; a cookie goes along by itself.
  if (headers.authorization === undefined && !isOriginAllowed(headers, rules))
    throw new HubError('FORBIDDEN', `Pages of ${headers.origin ?? 'other origins'} may not upload here.`);
  if (isAllowed(principal, 'models.import')) return principal;
  const roles = permissions['models.import'];
  throw new HubError('FORBIDDEN', `Uploading needs one of the roles ${roles.join(', ')}.`, {
    details: { permission: 'models.import', roles },
  });
}

/** Bytes of a refused body that are read and thrown away, so that the sender comes to read the answer. */
const discardedBytes = 16 * 1024 * 1024;

/**
 * Answers with the error. Who still sends would find the connection reset, not the answer, if it were closed at once.
 * @see RFC 9112, 9.6
 */
function refuse(req: IncomingMessage, res: ServerResponse, error: unknown, log: Logger): void {
  if (res.headersSent) return void res.destroy();
  if (isTus(req)) {
    res.setHeader('tus-resumable', tusVersion);
    res.setHeader('tus-version', tusVersion);
  }
  const presented = presentError(error, { log, requestId: String(res.getHeader('x-request-id')) });
  tellRetryAfter(res, presented);
  sendJson(res, httpStatusOfError(presented), { errors: [presented] });
  let left = discardedBytes;
  req.on('data', (chunk: Uint8Array) => {
    left -= chunk.length;
    if (left < 0) req.destroy();
  });
}
