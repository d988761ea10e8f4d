/**
 * Brings in the models that documents refer to and do not define: from what is stored first, else from a repository.
 */
import { HubError } from '#kernel/errors.ts';
import { readDtdl, type DtdlReadOptions } from './dtdl/index.ts';
import { readDocuments, type ImportDocument } from './import/documents.ts';
import { addLineages, type ImportLookups } from './import/lookups.ts';
import { JsonText, JsonTextError, type JsonNode } from './json-text.ts';
import type { Model } from './model.ts';
import type { ModelResolver, ResolvedDocument } from './ports/model-resolver.ts';

export interface ResolveOptions {
  /** How DTDL is read. */
  readonly dtdl?: DtdlReadOptions;
  /** How many interfaces may come from the repository. @default 10_000 */
  readonly maxInterfaces?: number;
  readonly signal?: AbortSignal;
}

/** What the repository added. */
export interface Resolution {
  /** One document for each interface that came, to be imported or checked along with the others. */
  readonly documents: readonly ImportDocument[];
  /** Ids that neither the documents, nor what is stored, nor the repository define. */
  readonly unresolved: readonly string[];
}

/**
 * Asks a repository for what the DTDL documents need, and for what that needs in turn, until nothing is missing or
 * nothing more is found. Interfaces that are there already are not taken again.
 *
 * @throws {HubError} LIMIT_EXCEEDED - more interfaces than allowed; and what the resolver throws.
 */
export async function resolveModels(
  documents: readonly ImportDocument[],
  known: ImportLookups,
  resolver: ModelResolver,
  options: ResolveOptions = {},
): Promise<Resolution> {
  const { maxInterfaces = 10_000 } = options;
  const all = documents.filter(({ standard }) => standard === 'DTDL');
  const added: ImportDocument[] = [];
  const defined = new Set(all.flatMap(({ content }) => interfacesIn(content).map(({ id }) => id)));
  const asked = new Set<string>();
  const stored = new Map<string, Model>();
  for (;;) {
    const { unresolved } = readDtdl(readDocuments([...all, ...added]).documents, stored, options.dtdl);
    await addLineages(stored, unresolved, known);
    const missing = unresolved.filter((id) => !stored.has(id));
    const wanted = missing.filter((id) => !asked.has(id));
    if (!wanted.length) return { documents: added, unresolved: missing };
    for (const id of wanted) asked.add(id);
    for (const found of await resolver.resolve(wanted, options.signal))
      added.push(...takeNew(found, defined));
    if (added.length > maxInterfaces)
      throw new HubError(
        'LIMIT_EXCEEDED',
        `The models need more than ${maxInterfaces} interfaces of the repository.`,
        {
          details: { maxInterfaces },
        },
      );
  }
}

/** The interfaces of a document that are not defined yet, each as a document of its own. */
function takeNew({ name, content }: ResolvedDocument, defined: Set<string>): ImportDocument[] {
  return interfacesIn(content).flatMap(({ id, start, end, place }) => {
    if (defined.has(id)) return [];
    defined.add(id);
    return [{ name: `${name}${place}`, standard: 'DTDL' as const, content: content.slice(start, end) }];
  });
}

interface FoundInterface {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  /** `#/2` for the third of a list, nothing for a document that is one interface. */
  readonly place: string;
}

/** The interfaces at the top of a document; none of a text that is no JSON. */
function interfacesIn(content: string): readonly FoundInterface[] {
  const root = rootOf(content);
  if (!root) return [];
  const parts: readonly (readonly [JsonNode, string])[] =
    root.kind === 'array' ? root.items.map((item, i) => [item, `#/${i}`] as const) : [[root, '']];
  return parts.flatMap(([node, place]) => {
    const id = node.kind === 'object' ? node.members.get('@id') : undefined;
    return id?.kind === 'scalar' && typeof id.value === 'string'
      ? [{ id: id.value, start: node.at, end: node.end, place }]
      : [];
  });
}

function rootOf(content: string): JsonNode | null {
  try {
    return JsonText.parse(content).root;
  } catch (error) {
    if (error instanceof JsonTextError) return null;
    throw error;
  }
}
