import type { IncomingMessage, ServerResponse } from 'node:http';
import { HubError } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import { hubClosing } from '../context.ts';
import type { HttpRoute } from '../http-route.ts';
import { isHostAllowed, type HostRules } from './guard.ts';
import { sendError } from './respond.ts';
import { routeRequest, type Authenticate } from './router.ts';

export interface FrontDeps {
  readonly log: Logger;
  readonly newId: () => string;
  readonly authenticate: Authenticate;
}

/** What every HTTP request passes first: request id, common headers, host check, draining, presentation of errors. */
export class Front {
  readonly #rules: HostRules;
  readonly #deps: FrontDeps;
  readonly #routes: readonly HttpRoute[];
  readonly #onClose = () => (this.#inFlight -= 1);
  #inFlight = 0;
  #draining = false;

  constructor(rules: HostRules, deps: FrontDeps, routes: readonly HttpRoute[]) {
    this.#rules = rules;
    this.#deps = deps;
    this.#routes = routes;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** From now on new requests are refused. */
  drain(): void {
    this.#draining = true;
  }

  async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const requestId = this.#deps.newId();
    res.setHeader('x-request-id', requestId);
    res.setHeader('x-content-type-options', 'nosniff');
    // Pages of other origins, those of other ports of this machine included, may not take answers in as their parts.
    res.setHeader('cross-origin-resource-policy', 'same-origin');
    this.#inFlight += 1;
    res.on('close', this.#onClose);
    try {
      if (this.#draining) return this.#refuse(res, hubClosing(), requestId, 503);
      if (!hasOneHost(req)) throw new HubError('INVALID_INPUT', 'The request has more than one Host header.');
      if (!isHostAllowed(req.headers, this.#rules))
        return this.#refuse(res, unknownHost(req), requestId, 421);
      await routeRequest(req, res, this.#routes, this.#deps.authenticate, this.#rules.allowedOrigins);
    } catch (error) {
      sendError(res, error, { log: this.#deps.log, requestId });
    }
  }

  #refuse(res: ServerResponse, error: HubError, requestId: string, status: number): void {
    res.setHeader('connection', 'close');
    sendError(res, error, { log: this.#deps.log, requestId, status });
  }
}

/** Node takes the first of several; a proxy before it may have looked at another. @see RFC 9112, 3.2 */
function hasOneHost({ rawHeaders }: IncomingMessage): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts <= 1;
}

function unknownHost(req: IncomingMessage): HubError {
  return new HubError(
    'FORBIDDEN',
    `The Host header ${JSON.stringify(req.headers.host ?? '')} is none this hub answers to; name it in TWINHUB_ALLOWED_HOSTS.`,
  );
}
