import { instanceOf, listOf, memberOf, textOf, type Instance } from '../instance.ts';
import { keySets } from '../metamodel/enumerations.ts';
import { isSince, type AasVersion } from '../metamodel/index.ts';
import { leadsTo } from './references.ts';
import { violation, type Rule, type Violation } from './rule.ts';

const has = (instance: Instance, member: string): boolean => memberOf(instance, member) !== undefined;

/** Rules of shells, assets, entities and events. @see IDTA-01001, sections on core classes and submodel elements */
export const assetRules: readonly Rule[] = [
  {
    code: 'aas:derivedFrom',
    of: 'AssetAdministrationShell',
    check: (shell) =>
      refersTo(shell, 'derivedFrom', new Set(['AssetAdministrationShell']), 'an asset administration shell'),
  },
  { code: 'aas:submodelReference', of: 'AssetAdministrationShell', check: referToSubmodels },
  { code: 'AASd-131', of: 'AssetInformation', check: isIdentified },
  { code: 'AASd-116', of: 'AssetInformation', check: reservedName },
  { code: 'AASd-014', of: 'Entity', until: '3.0', check: entity30 },
  {
    code: 'AASd-014',
    of: 'Entity',
    since: '3.1',
    check: (instance) =>
      textOf(instance, 'entityType') === 'SelfManagedEntity' && !hasOneId(instance)
        ? violation('A self-managed entity has either a globalAssetId or specificAssetIds.')
        : null,
  },
  {
    code: 'aas:eventSource',
    of: 'EventPayload',
    check: (payload) =>
      refersTo(payload, 'source', new Set(['EventElement', 'BasicEventElement']), 'an event element'),
  },
  {
    code: 'aas:eventScope',
    of: 'EventPayload',
    check: (payload) => refersTo(payload, 'observableReference', keySets.aasReferables, 'a referable'),
  },
  {
    code: 'aas:eventScope',
    of: 'BasicEventElement',
    check: (event) => refersTo(event, 'observed', keySets.aasReferables, 'a referable'),
  },
  {
    code: 'aas:messageBroker',
    of: 'BasicEventElement',
    check: (event) => refersTo(event, 'messageBroker', keySets.aasReferables, 'a referable'),
  },
  {
    code: 'aas:maxInterval',
    of: 'BasicEventElement',
    check: (event) =>
      textOf(event, 'direction') === 'input' && has(event, 'maxInterval')
        ? violation('maxInterval does not apply to events of direction input.', 'maxInterval')
        : null,
  },
];

function refersTo(
  instance: Instance,
  member: string,
  types: ReadonlySet<string>,
  what: string,
): Violation | null {
  const reference = instanceOf(instance, member);
  return !reference || leadsTo(reference, types)
    ? null
    : violation(`${member} is a model reference to ${what}.`, member);
}

function referToSubmodels(shell: Instance): Violation | null {
  const at = listOf(shell, 'submodels').findIndex((reference) => !leadsTo(reference, new Set(['Submodel'])));
  return at < 0 ? null : violation('A shell refers to submodels by model references.', 'submodels', at);
}

function isIdentified(asset: Instance): Violation | null {
  const ids = memberOf(asset, 'specificAssetIds');
  if (Array.isArray(ids) ? ids.length > 0 : has(asset, 'globalAssetId')) return null;
  return violation('An asset has a globalAssetId or at least one specificAssetId.');
}

function reservedName(asset: Instance, version: AasVersion): Violation | null {
  const global = textOf(asset, 'globalAssetId');
  const isReserved = (name: string): boolean =>
    isSince(version, '3.2') ? name.toLowerCase() === 'globalassetid' : name === 'globalAssetId';
  const at = listOf(asset, 'specificAssetIds').findIndex(
    (id) => isReserved(textOf(id, 'name') ?? '') && (global === undefined || textOf(id, 'value') !== global),
  );
  return at < 0
    ? null
    : violation(
        'The name globalAssetId is reserved: its value has to be the globalAssetId of the asset.',
        'specificAssetIds',
        at,
        'value',
      );
}

function hasOneId(entity: Instance): boolean {
  const ids = memberOf(entity, 'specificAssetIds');
  return has(entity, 'globalAssetId') ? ids === undefined : Array.isArray(ids) && ids.length > 0;
}

function entity30(entity: Instance): Violation | null {
  if (textOf(entity, 'entityType') === 'SelfManagedEntity')
    return hasOneId(entity)
      ? null
      : violation('A self-managed entity has either a globalAssetId or specificAssetIds.');
  return has(entity, 'globalAssetId') || has(entity, 'specificAssetIds')
    ? violation('Only a self-managed entity has a globalAssetId or specificAssetIds.')
    : null;
}
