import type { KnownSignal } from '#connectors/opcua/mapping.ts';
import { HubError, isHubError, messageOf } from '#kernel/errors.ts';
import { parseTwinId } from '#ontology/ids.ts';
import type { ValueType } from '#ontology/model.ts';
import { UsageError } from '../arguments.ts';
import type { Terminal } from '../terminal.ts';
import { documents, type CommandDocument } from './documents.ts';
import type { HubAccess } from './hub-options.ts';
import { localToken } from './token.ts';

export { hubOptions, hubOptionsHelp, type HubAccess } from './hub-options.ts';

/** The address of the hub's GraphQL endpoint. */
export function hubUrl(terminal: Terminal, access: HubAccess): string {
  const given = access.url ?? terminal.env['TWINHUB_URL'] ?? 'http://localhost:4000';
  if (!URL.canParse(given)) throw new UsageError(`${given} is not an address like http://localhost:4000.`);
  const url = new URL(given);
  if (url.pathname === '/') url.pathname = '/graphql';
  return url.href;
}

/** A bearer token of somebody with the role integrator. @throws {HubError} NOT_FOUND - nobody gave one, and there is no local identity. */
export async function bearerToken(terminal: Terminal, access: HubAccess): Promise<string> {
  const given = access.token ?? terminal.env['TWINHUB_TOKEN'];
  if (given) return given;
  try {
    return await localToken(terminal, 'ines', 15 * 60_000, { data: access.data });
  } catch (error) {
    if (!isHubError(error, 'NOT_FOUND')) throw error;
    throw new HubError(
      'NOT_FOUND',
      `${error.message} With a token of your provider: --token, or TWINHUB_TOKEN.`,
      { cause: error },
    );
  }
}

interface SignalsAnswer {
  readonly twins: {
    readonly nodes: readonly {
      readonly twinId: string;
      readonly signals: readonly {
        readonly name: string;
        readonly valueType: string;
        readonly unit: string | null;
      }[];
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

/** All signals of the hub's twins, read over its public API. @throws {HubError} CONNECTOR_UNREACHABLE, CONNECTOR_REFUSED */
export async function signalsFromHub(terminal: Terminal, access: HubAccess): Promise<readonly KnownSignal[]> {
  const token = await bearerToken(terminal, access);
  const url = hubUrl(terminal, access);
  const found: KnownSignal[] = [];
  let after: string | null = null;
  do {
    const { twins }: SignalsAnswer = await ask<SignalsAnswer>(url, token, documents.signals, { after });
    for (const { twinId, signals } of twins.nodes)
      found.push(
        ...signals.map(({ name, valueType, unit }) => ({
          twinId: parseTwinId(twinId),
          signal: name,
          valueType: valueType as ValueType,
          unit,
        })),
      );
    after = twins.pageInfo.hasNextPage ? twins.pageInfo.endCursor : null;
  } while (after !== null);
  return found;
}

async function ask<T>(url: string, token: string, query: CommandDocument, variables: object): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  }).catch((error: unknown) => {
    throw new HubError(
      'CONNECTOR_UNREACHABLE',
      `No hub answers at ${url}: ${messageOf(error)}. Is it running? Use --url for another address.`,
      { cause: error },
    );
  });
  const { data, errors } = ((await response.json().catch(() => null)) ?? {}) as {
    data?: T;
    errors?: readonly { message: string }[];
  };
  if (!data || errors?.length)
    throw new HubError(
      'CONNECTOR_REFUSED',
      `The hub at ${url} refused: ${errors?.map((error) => error.message).join(' ') ?? `HTTP status ${response.status}`}`,
    );
  return data;
}
