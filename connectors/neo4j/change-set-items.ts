import type { Model } from '#ontology/model.ts';
import type { CheckedChanges } from '#ontology/twin-graph.ts';
import type { Row } from './client.ts';

export type ItemKind = 'MODEL' | 'TWIN' | 'RELATIONSHIP';
const kinds: readonly ItemKind[] = ['MODEL', 'TWIN', 'RELATIONSHIP'];

/** A `:ChangeItem`. */
export interface SetItem {
  readonly kind: ItemKind;
  readonly id: string;
  readonly entry: string | null;
  readonly expected: number | null;
  readonly before: string | null;
  readonly revision: number | null;
}

/** The properties of a `:ChangeItem` node. */
export function toItem(node: unknown): SetItem {
  const row = node as Row;
  const text = (value: unknown) => (value == null ? null : String(value));
  const number = (value: unknown) => (value == null ? null : Number(value));
  return {
    kind: row['kind'] as ItemKind,
    id: String(row['id']),
    entry: text(row['entry']),
    expected: number(row['expected']),
    before: text(row['before']),
    revision: number(row['revision']),
  };
}

/** Checked changes as rows of items; properties and documents stand in them once. */
export function itemRows(changes: CheckedChanges, expected: ReadonlyMap<string, number>): Row[] {
  const row = (kind: ItemKind, id: string, entry: string, number: number) => ({
    kind,
    id,
    entry,
    expected: kind === 'TWIN' ? (expected.get(id) ?? null) : null,
    sort: kinds.indexOf(kind),
    number,
  });
  return [
    ...changes.models.map(({ model, text }, i) => row('MODEL', model.id, text, i)),
    ...changes.twins.map((item, i) =>
      row('TWIN', item.twin.id, JSON.stringify({ ...item, twin: { ...item.twin, properties: {} } }), i),
    ),
    ...changes.relationships.map((item, i) =>
      row(
        'RELATIONSHIP',
        item.relationship.id,
        JSON.stringify({ ...item, relationship: { ...item.relationship, properties: {} } }),
        i,
      ),
    ),
  ];
}

/** The other way. */
export function changesOf(items: readonly SetItem[]): CheckedChanges {
  const entries = (kind: ItemKind) =>
    items.flatMap((item) => (item.kind === kind && item.entry !== null ? [item.entry] : []));
  return {
    models: entries('MODEL').map((text) => ({ model: JSON.parse(text) as Model, text })),
    twins: entries('TWIN').map((text) => JSON.parse(text) as CheckedChanges['twins'][number]),
    relationships: entries('RELATIONSHIP').map(
      (text) => JSON.parse(text) as CheckedChanges['relationships'][number],
    ),
  };
}
