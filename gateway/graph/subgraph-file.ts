import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import type { Env } from '#kernel/config.ts';
import { HubError, messageOf } from '#kernel/errors.ts';
import { parseTenantId, type TenantId } from '#ontology/ids.ts';
import { canBeForwarded } from '../remote/headers.ts';
import { repeatedMembers } from './repeated-members.ts';
import { subgraphFileSchema, type SubgraphEntry, type SubgraphFile } from './subgraph-file-schema.ts';

/** A subgraph of somebody else that is to be part of the hub's graph. */
export interface ExternalSubgraph {
  readonly name: string;
  /** http or https. */
  readonly url: string;
  /** ws or wss. @default `url` with the scheme exchanged */
  readonly subscriptionsUrl?: string;
  readonly sdl: string;
  /** Sent with each request; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether it gets a signed token that says who asks. */
  readonly identity: boolean;
  /** Tenants that may use it; `null` stands for all. */
  readonly tenants: readonly TenantId[] | null;
  /** Whether clients see its errors as they come. */
  readonly passErrors: boolean;
  /** Time for one answer, milliseconds; `null` leaves the default. */
  readonly timeoutMs: number | null;
}

/** The entries of a file, checked for their form. */
export interface ListedSubgraphs {
  readonly path: string;
  readonly entries: readonly SubgraphEntry[];
  /** The file itself and the SDL files it names. */
  readonly files: readonly string[];
}

const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile<SubgraphFile>(
  subgraphFileSchema,
);

/**
 * Reads the file that lists subgraphs of others (JSON, docs/subgraphs.md).
 *
 * @throws {HubError} CONFIG_INVALID - every fault of its form, with its place in the file, in `details.faults`.
 */
export async function listSubgraphs(path: string): Promise<ListedSubgraphs> {
  const json = await readJson(path);
  if (!validate(json)) throw invalid(path, (validate.errors ?? []).map(faultOf));
  const { subgraphs: entries } = json;
  return { path, entries, files: [path, ...entries.map(({ sdl }) => resolve(dirname(path), sdl))] };
}

/**
 * Reads what the entries name: SDL files and values of headers.
 *
 * @param env - where `{"env": "NAME"}` of a header is looked up.
 * @throws {HubError} CONFIG_INVALID - every fault, with its place in the file, in `details.faults`.
 */
export async function readSubgraphs(
  { path, entries }: ListedSubgraphs,
  env: Env,
): Promise<readonly ExternalSubgraph[]> {
  const read = await Promise.all(entries.map((entry, index) => readEntry(entry, index, path, env)));
  const faults = [...read.flatMap((one) => one.faults), ...repeatedNames(entries)];
  if (faults.length) throw invalid(path, faults);
  return read.flatMap(({ subgraph }) => (subgraph ? [subgraph] : []));
}

/** One fault of the file. */
interface Fault {
  /** JSON Pointer (RFC 6901). */
  readonly at: string;
  readonly what: string;
}

async function readJson(path: string): Promise<unknown> {
  const { json, text } = await parsedFile(path);
  const faults = repeatedMembers(text).map((at) => ({ at, what: 'stands there twice' }));
  if (faults.length) throw invalid(path, faults);
  return json;
}

async function parsedFile(path: string): Promise<{ json: unknown; text: string }> {
  try {
    // Editors of some systems put a byte order mark before the text.
    const text = (await readSmall(path)).replace(/^\uFEFF/, '');
    return { json: JSON.parse(text), text };
  } catch (error) {
    throw invalid(path, [{ at: '', what: messageOf(error) }], error);
  }
}

async function readEntry(
  entry: SubgraphEntry,
  index: number,
  path: string,
  env: Env,
): Promise<{ subgraph: ExternalSubgraph | null; faults: readonly Fault[] }> {
  const faults: Fault[] = [];
  const fault = (member: string, what: string) =>
    void faults.push({ at: `/subgraphs/${index}/${member}`, what });
  checkAddress(entry.url, ['http:', 'https:'], (what) => fault('url', what));
  if (entry.subscriptionsUrl !== undefined)
    checkAddress(entry.subscriptionsUrl, ['ws:', 'wss:'], (what) => fault('subscriptionsUrl', what));
  const sdl = await readSdl(resolve(dirname(path), entry.sdl), (what) => fault('sdl', what));
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(entry.headers ?? {})) {
    const text = typeof value === 'string' ? value : env[value.env];
    if (isOurs(name)) fault(`headers/${name}`, 'is what the hub says itself');
    else if (text === undefined || text === '') fault(`headers/${name}`, unsetValue(value));
    else if (/[^\t\x20-\x7e\x80-\xff]/.test(text)) fault(`headers/${name}`, 'no value of a header');
    else headers[name.toLowerCase()] = text;
  }
  if (faults.length || sdl === null) return { subgraph: null, faults };
  return { subgraph: subgraphOf(entry, sdl, headers), faults };
}

function subgraphOf(
  entry: SubgraphEntry,
  sdl: string,
  headers: Readonly<Record<string, string>>,
): ExternalSubgraph {
  const { name, url, subscriptionsUrl, identity, tenants, passErrors, timeoutMs } = entry;
  return {
    name,
    url,
    ...(subscriptionsUrl === undefined ? {} : { subscriptionsUrl }),
    sdl,
    headers,
    identity: identity ?? false,
    tenants: tenants?.map((tenant) => parseTenantId(tenant)) ?? null,
    passErrors: passErrors ?? false,
    timeoutMs: timeoutMs ?? null,
  };
}

function unsetValue(value: string | { readonly env: string }): string {
  return typeof value === 'string' ? 'is empty' : `the environment variable ${value.env} is not set`;
}

/** Who asks, and what belongs to the connection: a file that sets it would speak for others, or break every request. */
function isOurs(name: string): boolean {
  const lower = name.toLowerCase();
  return lower.startsWith('x-twinhub-') || !canBeForwarded(lower);
}

/** Plain HTTP is for this machine and networks that are trusted: the file says so itself by naming it. */
function checkAddress(text: string, protocols: readonly string[], fault: (what: string) => void): void {
  const url = URL.canParse(text) ? new URL(text) : null;
  const schemes = protocols.map((one) => one.slice(0, -1)).join(' or ');
  if (!url || !protocols.includes(url.protocol)) return fault(`no address with ${schemes}`);
  if (url.username || url.password) fault('holds a user or password; send them as a header');
}

/** The largest file that is read, bytes; the schemas of the hub itself have 40,000. */
const maxFileBytes = 4 * 1024 * 1024;

/** What is no file, a pipe for instance, might never end. */
async function readSmall(path: string): Promise<string> {
  const about = await stat(path);
  if (!about.isFile()) throw new Error(`${path} is no file`);
  if (about.size > maxFileBytes)
    throw new Error(`${path} has ${about.size} bytes; ${maxFileBytes} are allowed`);
  return readFile(path, 'utf8');
}

async function readSdl(path: string, fault: (what: string) => void): Promise<string | null> {
  try {
    return await readSmall(path);
  } catch (error) {
    fault(messageOf(error));
    return null;
  }
}

function repeatedNames(entries: readonly SubgraphEntry[]): readonly Fault[] {
  return entries.flatMap(({ name }, index) =>
    entries.findIndex((one) => one.name === name) < index
      ? [{ at: `/subgraphs/${index}/name`, what: `the name ${name} is taken by another one of the file` }]
      : [],
  );
}

function faultOf({ instancePath, message, params }: ErrorObject): Fault {
  const unknown: unknown = params['additionalProperty'];
  const what = typeof unknown === 'string' ? `has no member ${JSON.stringify(unknown)}` : (message ?? '');
  return { at: instancePath, what };
}

function invalid(path: string, faults: readonly Fault[], cause?: unknown): HubError {
  const lines = faults.map(({ at, what }) => `  ${at || '(the file)'}: ${what}`);
  return new HubError('CONFIG_INVALID', `The subgraphs of ${path} cannot be used:\n${lines.join('\n')}`, {
    details: { path, faults },
    cause,
  });
}
