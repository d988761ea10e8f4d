/** All constraints, and which of them an instance of a class has to keep. */
import { aasVersions, isSince, type AasClass, type AasVersion } from '../metamodel/index.ts';
import { assetRules } from './assets.ts';
import { commonRules } from './common.ts';
import { conceptRules } from './concepts.ts';
import { listRules } from './lists.ts';
import { referenceRules } from './references.ts';
import type { Rule } from './rule.ts';
import { submodelRules } from './submodels.ts';
import { valueRules } from './values.ts';

export type { Rule } from './rule.ts';

const all: readonly Rule[] = [
  ...commonRules,
  ...valueRules,
  ...referenceRules,
  ...assetRules,
  ...submodelRules,
  ...listRules,
  ...conceptRules,
];

/** The rules of a version, in no particular order. */
export function rulesOf(version: AasVersion): readonly Rule[] {
  return all.filter(
    ({ since = '3.0', until }) => isSince(version, since) && (!until || isSince(until, version)),
  );
}

const perVersion = new Map(aasVersions.map((version) => [version, rulesOf(version)]));
const perClass = new WeakMap<AasClass, readonly Rule[]>();

/** The rules for instances of a class, which belongs to one version. */
export function rulesFor(type: AasClass, version: AasVersion): readonly Rule[] {
  const known = perClass.get(type);
  if (known) return known;
  const found = (perVersion.get(version) ?? []).filter(({ of }) => type.lineage.has(of));
  perClass.set(type, found);
  return found;
}
