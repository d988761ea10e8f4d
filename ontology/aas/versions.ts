/** Recognises what a document is before it is read: which version, or why it is none that is read here. */
import type { JsonNode } from '../json-text.ts';
import { aasVersions, namespaces, type AasVersion } from './metamodel/index.ts';
import type { XmlElement } from './xml/tree.ts';

/** A document that is not read, and the way out. */
export interface Refused {
  readonly code: 'hub:aasOldVersion' | 'hub:aasUnknownVersion' | 'hub:notAas';
  readonly message: string;
}

const wayOut =
  'Open it in a tool that writes V3.0 or later (for example AASX Package Explorer, since 2023) and save it again.';

const collections = ['assetAdministrationShells', 'submodels', 'conceptDescriptions'];

const notAas: Refused = {
  code: 'hub:notAas',
  message: `An AAS environment is a JSON object with ${collections.join(', ')}.`,
};

/** Collections that environments had before V3. */
const oldCollections = ['assets', 'assetShells', 'views', 'dictionaries'];

/**
 * Why a JSON document is of no version that is read; `null` when nothing speaks against it.
 *
 * @param isEnvironment - whether it has to be an environment, and not one element by itself.
 */
export function refusedJson(root: JsonNode, isEnvironment: boolean): Refused | null {
  if (root.kind !== 'object') return notAas;
  const named = root.members.get('modelType');
  const own =
    !isEnvironment ||
    collections.some((name) => root.members.has(name)) ||
    (named?.kind === 'scalar' && named.value === 'Environment');
  const old = oldCollections.find((name) => root.members.has(name));
  const marked = collections.some((name) => itemsOf(root.members.get(name)).some(isOld));
  if (!old && !marked) return own || !root.members.size ? null : notAas;
  return {
    code: 'hub:aasOldVersion',
    message: `This is an environment of V1 or V2 (${old ? `it has a list of ${old}` : 'it has members "identification" or "modelType": {"name"}'}). ${wayOut}`,
  };
}

function itemsOf(node: JsonNode | undefined): readonly JsonNode[] {
  return node?.kind === 'array' ? node.items : [];
}

function isOld(node: JsonNode): boolean {
  if (node.kind !== 'object') return false;
  const modelType = node.members.get('modelType');
  return (
    (!node.members.has('id') && node.members.get('identification')?.kind === 'object') ||
    (modelType?.kind === 'object' && modelType.members.has('name'))
  );
}

/** The version of an XML document by its root element's namespace. */
export function xmlVersion(root: XmlElement): AasVersion | Refused {
  const known = aasVersions.find((version) => namespaces[version] === root.uri);
  if (known) return known;
  const shown = JSON.stringify(root.uri);
  if (root.name === 'aasenv' || /^https?:\/\/(?:www\.)?admin-shell\.io\/aas\/[12]\//.test(root.uri))
    return {
      code: 'hub:aasOldVersion',
      message: `This is an environment of V1 or V2 (namespace ${shown}). ${wayOut}`,
    };
  if (/^https?:\/\/(?:www\.)?admin-shell\.io\/aas\//.test(root.uri))
    return {
      code: 'hub:aasUnknownVersion',
      message: `The namespace ${shown} is of no version that is read here (${aasVersions.join(', ')}). ${wayOut}`,
    };
  return {
    code: 'hub:notAas',
    message: `The root element ${root.name} of the namespace ${shown} is no AAS environment; ${namespaces['3.0']} or a later namespace is expected.`,
  };
}
