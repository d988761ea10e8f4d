import { HubError, messageOf } from '#kernel/errors.ts';
import type { Terminal } from '../../terminal.ts';
import type { CommandDocument } from '../documents.ts';
import { hubUrl } from '../hub-client.ts';
import type { HubAccess } from '../hub-options.ts';

/** What commands that talk to a hub need. */
export interface HubDeps {
  readonly terminal: Terminal;
  readonly token: (access: HubAccess) => Promise<string>;
  readonly signal?: AbortSignal;
}

/**
 * Asks the hub over GraphQL.
 * @throws {HubError} CONNECTOR_UNREACHABLE, CONNECTOR_REFUSED
 */
export async function askHub<T>(
  access: HubAccess,
  query: CommandDocument,
  variables: unknown,
  deps: HubDeps,
): Promise<T> {
  const url = hubUrl(deps.terminal, access);
  const token = await deps.token(access);
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ query, variables }),
      ...(deps.signal ? { signal: deps.signal } : {}),
    });
  } catch (error) {
    throw new HubError(
      'CONNECTOR_UNREACHABLE',
      `No hub answers at ${url}: ${messageOf(error)}. Is it running? Use --url for another address.`,
      { cause: error },
    );
  }
  const answer = (await response.json().catch(() => null)) as {
    data?: T | null;
    errors?: { message: string }[];
  } | null;
  if (answer?.data && !answer.errors?.length) return answer.data;
  const reason = answer?.errors?.map((error) => error.message).join('; ') ?? `HTTP status ${response.status}`;
  throw new HubError('CONNECTOR_REFUSED', `The hub at ${url} refused: ${reason}`);
}
