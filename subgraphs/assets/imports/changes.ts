import { canonicalJson } from '#kernel/canonical.ts';
import type { ImportChange, PropertyChange } from '#ontology/import-job.ts';
import type { RelationshipInput, TwinInput } from '#ontology/twin.ts';

/** An entry of the diff without its place in it. */
export type Change = Omit<ImportChange, 'position'>;

/** Differences kept of one twin or relationship, and characters kept of one value. */
export const changeLimits = { properties: 100, valueCharacters: 2_000 } as const;

/** What happens to a twin; `null` when it stays as it is. Its own fields are named `$name`, `$kind`, `$model`, `$parent`. */
export function twinChange(after: TwinInput, before: TwinInput | null): Change | null {
  const fields = (twin: TwinInput) => ({
    $name: twin.name,
    $kind: twin.kind,
    $model: twin.modelId,
    $parent: twin.parentId,
    ...twin.properties,
  });
  return change('TWIN', after.id, fields(after), before && fields(before));
}

/** What happens to a relationship; `null` when it stays as it is. */
export function relationshipChange(
  after: RelationshipInput,
  before: RelationshipInput | null,
): Change | null {
  const fields = ({ name, sourceId, targetId, properties }: RelationshipInput) => ({
    $name: name,
    $source: sourceId,
    $target: targetId,
    ...properties,
  });
  return change('RELATIONSHIP', after.id, fields(after), before && fields(before));
}

type Values = Readonly<Record<string, unknown>>;

function change(item: Change['item'], id: string, after: Values, before: Values | null): Change | null {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after)])];
  const valueOf = (values: Values | null, name: string): unknown =>
    values && Object.hasOwn(values, name) ? (values[name] ?? null) : null;
  const differing = names.filter(
    (name) => canonicalJson(valueOf(before, name)) !== canonicalJson(valueOf(after, name)),
  );
  if (before && !differing.length) return null;
  let truncated = differing.length > changeLimits.properties;
  const shown = (value: unknown): unknown => {
    const text = JSON.stringify(value) ?? 'null';
    if (text.length <= changeLimits.valueCharacters) return value;
    truncated = true;
    return `${text.slice(0, changeLimits.valueCharacters)}...`;
  };
  const properties = differing.slice(0, changeLimits.properties).map((name): PropertyChange => ({
    name,
    before: shown(valueOf(before, name)),
    after: shown(valueOf(after, name)),
  }));
  return {
    item,
    id,
    kind: before ? 'CHANGED' : 'CREATED',
    compatibility: null,
    comparedWith: null,
    reasons: [],
    properties,
    truncated,
  };
}
