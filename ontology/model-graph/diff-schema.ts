/** Compares two schemas of DTDL interfaces: does the new one accept everything the old one did? */
import { literal, typesOf, type InterfaceSource, type SourceElement } from '../dtdl/instances/source.ts';
import type { ChangeList } from './diff-types.ts';

/** A schema, with the interface its references lead into. */
export interface SchemaSide {
  readonly source: InterfaceSource;
  /** An element, the term of a standard schema, or `null` for none. */
  readonly schema: SourceElement | string | null;
}

/** Whole numbers by the bits they need; a type takes in all that fit. */
const ranges: Readonly<Record<string, readonly [low: number, high: number]>> = {
  byte: [-7, 7],
  unsignedByte: [0, 8],
  short: [-15, 15],
  unsignedShort: [0, 16],
  integer: [-31, 31],
  unsignedInteger: [0, 32],
  long: [-63, 63],
  unsignedLong: [0, 64],
};
const texts = ['string', 'date', 'time', 'dateTime', 'duration', 'decimal', 'uuid', 'bytes'];

/** Whether the standard schema `wide` accepts every value of `narrow`. */
function takesIn(wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  if (wide === 'double') return narrow === 'float' || Object.hasOwn(ranges, narrow);
  if (wide === 'float') return Object.hasOwn(ranges, narrow);
  if (wide === 'string') return texts.includes(narrow);
  const [outer, inner] = [ranges[wide], ranges[narrow]];
  return outer !== undefined && inner !== undefined && outer[0] <= inner[0] && outer[1] >= inner[1];
}

/** Who relies on the values: those who gave them so far (`given`), or those who read them (`read`). */
export type SchemaUse = 'given' | 'read';

/** Lists the differences of two schemas below `path`. */
export class SchemaComparison {
  readonly #list: ChangeList;
  readonly #use: SchemaUse;
  readonly #seen = new Map<unknown, Set<unknown>>();

  constructor(list: ChangeList, use: SchemaUse) {
    this.#list = list;
    this.#use = use;
  }

  compare(before: SchemaSide, after: SchemaSide, path: string): void {
    const [old, now] = [before.schema, after.schema];
    if (typeof old === 'string' && typeof now === 'string') return this.#terms(old, now, path);
    if (old === null || now === null) {
      if (old !== now) this.#changed(path, kindOf(old), kindOf(now));
      return;
    }
    if (this.#wasSeen(old, now)) return;
    const [oldKind, newKind] = [kindOf(old), kindOf(now)];
    if (oldKind !== newKind || typeof old === 'string' || typeof now === 'string')
      return this.#kinds(before, after, path);
    this.#parts(before.source, old, after.source, now, path);
  }

  /** A schema that contains itself is compared once with each it meets. */
  #wasSeen(old: unknown, now: unknown): boolean {
    const met = this.#seen.get(old) ?? new Set();
    const was = met.has(now);
    this.#seen.set(old, met.add(now));
    return was;
  }

  #terms(old: string, now: string, path: string): void {
    if (old === now) return;
    if (takesIn(now, old)) this.#wider(path, `${old} has become ${now}, which takes in all its values.`);
    else if (takesIn(old, now))
      this.#narrower(path, `${old} has become ${now}, which takes in only some of its values.`);
    else this.#changed(path, old, now);
  }

  /** An enumeration that has become its own value schema, or the other way; nothing else goes together. */
  #kinds(before: SchemaSide, after: SchemaSide, path: string): void {
    const [old, now] = [enumKind(before), enumKind(after)];
    if (typeof after.schema === 'string' && old !== null && takesIn(after.schema, old))
      this.#wider(path, `The enumeration has become ${after.schema}, which takes in all its values.`);
    else if (typeof before.schema === 'string' && now !== null && takesIn(before.schema, now))
      this.#narrower(
        path,
        `${before.schema} has become an enumeration, which takes in only some of its values.`,
      );
    else this.#changed(path, kindOf(before.schema), kindOf(after.schema));
  }

  #parts(
    oldSource: InterfaceSource,
    old: SourceElement,
    newSource: InterfaceSource,
    now: SourceElement,
    path: string,
  ): void {
    const inner = (member: string, oldOwner = old, newOwner = now) =>
      [
        { source: oldSource, schema: oldSource.schema(oldOwner, member) },
        { source: newSource, schema: newSource.schema(newOwner, member) },
      ] as const;
    switch (kindOf(old)) {
      case 'Array':
        return this.compare(...inner('elementSchema'), `${path}[]`);
      case 'Map': {
        const [oldValue, newValue] = [
          oldSource.elements(old, 'mapValue')[0],
          newSource.elements(now, 'mapValue')[0],
        ];
        if (oldValue && newValue) this.compare(...inner('schema', oldValue, newValue), `${path}{}`);
        return;
      }
      case 'Enum':
        return this.#enums(oldSource, old, newSource, now, path);
      case 'Object': {
        const [oldFields, newFields] = [namedFields(oldSource, old), namedFields(newSource, now)];
        for (const [name, field] of oldFields) {
          const same = newFields.get(name);
          if (same) this.compare(...inner('schema', field, same), `${path}.${name}`);
          else
            this.#narrower(`${path}.${name}`, `The field ${name} is gone; values that have it are refused.`);
        }
        for (const name of newFields.keys())
          if (!oldFields.has(name))
            this.#wider(`${path}.${name}`, `The field ${name} is new; values may leave it out.`);
        return;
      }
      default:
        if (JSON.stringify(old) !== JSON.stringify(now)) this.#changed(path, kindOf(old), kindOf(now));
    }
  }

  #enums(
    oldSource: InterfaceSource,
    old: SourceElement,
    newSource: InterfaceSource,
    now: SourceElement,
    path: string,
  ): void {
    const values = (source: InterfaceSource, schema: SourceElement) =>
      source.elements(schema, 'enumValues').map((value) => literal(value, 'enumValue'));
    const [before, after] = [values(oldSource, old), values(newSource, now)];
    const [gone, added] = [
      before.filter((value) => !after.includes(value)),
      after.filter((value) => !before.includes(value)),
    ];
    if (gone.length) this.#narrower(path, `The enumeration has lost ${gone.join(', ')}.`);
    if (added.length) this.#wider(path, `The enumeration has gained ${added.join(', ')}.`);
  }

  #wider(path: string, message: string): void {
    if (this.#use === 'given') this.#list.compatible(path, 'widened', message);
    else this.#list.breaking(path, 'widened', `${message} Readers may get values they do not know.`);
  }

  #narrower(path: string, message: string): void {
    if (this.#use === 'read') this.#list.compatible(path, 'narrowed', message);
    else this.#list.breaking(path, 'narrowed', message);
  }

  #changed(path: string, old: string, now: string): void {
    this.#list.breaking(
      path,
      'changed',
      `${old} has become ${now}; values of the one are none of the other.`,
    );
  }
}

function kindOf(schema: SourceElement | string | null): string {
  if (schema === null) return 'no schema';
  if (typeof schema === 'string') return schema;
  return (
    typesOf(schema).find((type) => ['Array', 'Enum', 'Map', 'Object'].includes(type)) ?? 'another schema'
  );
}

function enumKind({ source, schema }: SchemaSide): string | null {
  if (schema === null || typeof schema === 'string' || kindOf(schema) !== 'Enum') return null;
  const kind = source.schema(schema, 'valueSchema');
  return typeof kind === 'string' ? kind : null;
}

function namedFields(source: InterfaceSource, schema: SourceElement): ReadonlyMap<string, SourceElement> {
  return new Map(source.elements(schema, 'fields').map((field) => [String(literal(field, 'name')), field]));
}
