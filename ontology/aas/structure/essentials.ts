import type { AasClass } from '../metamodel/index.ts';

/**
 * Members without which an instance cannot be used. While importing, an instance that lacks one is left out; what only
 * lacks other required members is taken in.
 */
const essentials: Readonly<Record<string, readonly string[]>> = {
  Identifiable: ['id'],
  Key: ['type', 'value'],
  Reference: ['type', 'keys'],
  AbstractLangString: ['language', 'text'],
  EmbeddedDataSpecification: ['dataSpecificationContent'],
  Extension: ['name'],
  Qualifier: ['type'],
  SpecificAssetId: ['name', 'value'],
  OperationVariable: ['value'],
};

const byClass = new WeakMap<AasClass, readonly string[]>();

/** The members a class cannot do without. */
export function essentialsOf(type: AasClass): readonly string[] {
  const known = byClass.get(type);
  if (known) return known;
  const found = [...type.lineage].flatMap((name) => essentials[name] ?? []);
  byClass.set(type, found);
  return found;
}
