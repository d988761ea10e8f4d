import { HubError } from '#kernel/errors.ts';
import type { RequestContext } from '#ontology/request-context.ts';
import { headersFor, isHeaderName } from './headers.ts';
import type { RemotePeer } from './peer.ts';

type Headers = Readonly<Record<string, string>>;

/** What every request says. @see https://graphql.github.io/graphql-over-http/draft/#sec-Media-Types */
const graphqlHeaders: Headers = {
  'content-type': 'application/json',
  accept: 'application/graphql-response+json, application/json;q=0.9',
};
const requestId = 'x-request-id';

/** Those that the connection and the body decide. @see RFC 9110, 7.6.1 and 8.6 */
const notOurs = new Set(
  ['connection', 'content-length', 'expect', 'keep-alive', 'te', 'trailer'].concat([
    'transfer-encoding',
    'upgrade',
  ]),
);

/** The headers of requests to one subgraph; those that are always the same are put together once. */
export class RequestHeaders {
  readonly #always: readonly string[];
  /** Names that nothing sent on for a client can replace. */
  readonly #names: ReadonlySet<string>;
  readonly #ownRequestId: boolean;
  /** Of the user in the address; whoever else signs in goes first. */
  readonly #basic: string | undefined;

  /** @throws {HubError} CONFIG_INVALID - a configured header cannot be sent. */
  constructor(peer: RemotePeer, configured: Headers = {}) {
    for (const [name, value] of Object.entries(configured)) assertSendable(peer, name, value);
    this.#always = Object.entries({ ...graphqlHeaders, ...configured }).flat();
    this.#basic = 'authorization' in configured ? undefined : basicAuthorization(peer);
    this.#ownRequestId = requestId in configured;
    this.#names = new Set([...Object.keys(graphqlHeaders), ...Object.keys(configured), requestId]);
  }

  /** Names and values in turns: what the client's headers say, ours over them, the configured ones over both. */
  of({ principal, requestId: id }: RequestContext): string[] {
    const headers = this.#always.slice();
    if (!this.#ownRequestId) headers.push(requestId, id);
    const sentOn = headersFor(principal);
    for (const name in sentOn) if (!this.#names.has(name)) headers.push(name, sentOn[name] as string);
    if (this.#basic && !('authorization' in sentOn)) headers.push('authorization', this.#basic);
    return headers;
  }
}

/** @see RFC 7617 */
function basicAuthorization({ name, url: { username, password } }: RemotePeer): string | undefined {
  if (!username && !password) return undefined;
  try {
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(credentials).toString('base64')}`;
  } catch {
    // Without the cause: it shows the password.
    const what = 'has a user or password in its address that is not percent-encoded.';
    throw new HubError('CONFIG_INVALID', `Subgraph ${name} ${what}`, { details: { subgraph: name } });
  }
}

function assertSendable({ name: subgraph }: RemotePeer, name: string, value: string): void {
  // Visible characters, spaces, tabs and what Latin-1 has above ASCII. @see RFC 9110, 5.5
  if (isHeaderName(name) && !notOurs.has(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return;
  throw new HubError('CONFIG_INVALID', `Subgraph ${subgraph} cannot be sent the header ${name}.`, {
    details: { subgraph, header: name },
  });
}
