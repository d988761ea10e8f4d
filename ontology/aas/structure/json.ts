/**
 * Reads JSON into instances by the tables of the metamodel.
 * @see IDTA-01001, mapping to JSON
 */
import { toPlain, type JsonNode, type JsonObject } from '../../json-text.ts';
import { isBase64 } from '../lexical/binary.ts';
import { put, readItems, type Instance } from '../instance.ts';
import type { AasClass, AasProperty, ValueKind } from '../metamodel/index.ts';
import { below, type Place, type Report } from '../report.ts';
import { essentialsOf } from './essentials.ts';
import { repairedLiteral } from './repair.ts';

/** Reads a document as an instance of a class; `undefined` when it cannot be used. */
export function readJsonInstance(
  node: JsonNode,
  type: AasClass,
  report: Report,
  place: Place | null = null,
): Instance | undefined {
  return new JsonReader(report).instance(node, type, place);
}

class JsonReader {
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  instance(node: JsonNode, declared: AasClass, place: Place | null): Instance | undefined {
    if (node.kind !== 'object') {
      this.#wrongType(node, place, `an object of ${declared.name}`);
      return undefined;
    }
    const type = this.#typeOf(node, declared, place);
    if (!type) return undefined;
    const instance: Instance = {};
    if (type.hasModelType && !node.members.has('modelType')) put(instance, 'modelType', type.name);
    for (const [name, member] of node.members) this.#member(instance, name, member, type, below(place, name));
    return this.#complete(instance, node, type, place) ? instance : undefined;
  }

  #member(instance: Instance, name: string, node: JsonNode, type: AasClass, place: Place): void {
    // Where it decides the class it is checked; elsewhere the reference implementations let it pass, so it is kept.
    if (name === 'modelType') return put(instance, name, type.hasModelType ? type.name : toPlain(node));
    const property = type.byName.get(name);
    if (!property) {
      this.#report.deviation(
        'aas:unknownMember',
        place,
        `A ${type.name} has no member ${JSON.stringify(name)}.`,
      );
      if (this.#report.isImport) put(instance, name, toPlain(node));
      return;
    }
    const value = this.#property(node, property, place);
    if (value !== undefined) put(instance, name, value);
  }

  #property(node: JsonNode, property: AasProperty, place: Place): unknown {
    if (node.kind === 'scalar' && node.value === null) {
      this.#report.deviation('aas:null', place, 'null is no value in AAS; leave the member out.');
      return undefined;
    }
    if (!property.list) return this.#value(node, property.value, place);
    if (node.kind === 'array') {
      const items = readItems(node.items, (item, i) => this.#value(item, property.value, below(place, i)));
      return items.length || !node.items.length ? items : undefined;
    }
    this.#wrongType(node, place, 'a list');
    if (!this.#report.isImport || node.kind !== 'object') return undefined;
    const only = this.#value(node, property.value, place);
    return only === undefined ? undefined : [only];
  }

  #value(node: JsonNode, kind: ValueKind, place: Place): unknown {
    switch (kind.kind) {
      case 'class':
        return this.instance(node, kind.type, place);
      case 'boolean':
        return this.#boolean(node, place);
      case 'enum':
        return this.#literal(node, kind, place);
      case 'bytes':
        return this.#bytes(node, place);
      case 'string':
        return this.#text(node, place);
    }
  }

  #text(node: JsonNode, place: Place): string | undefined {
    if (node.kind === 'scalar' && typeof node.value === 'string') return node.value;
    this.#wrongType(node, place, 'a text');
    // Numbers and truth values without quotes are a common slip, and mean what they say.
    return this.#report.isImport && node.kind === 'scalar' && node.value !== null
      ? String(node.value)
      : undefined;
  }

  #boolean(node: JsonNode, place: Place): boolean | undefined {
    if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
    this.#wrongType(node, place, 'true or false');
    if (!this.#report.isImport || node.kind !== 'scalar') return undefined;
    return node.value === 'true' ? true : node.value === 'false' ? false : undefined;
  }

  #literal(node: JsonNode, kind: ValueKind & { kind: 'enum' }, place: Place): string | undefined {
    if (node.kind !== 'scalar' || typeof node.value !== 'string') {
      this.#wrongType(node, place, `one of ${kind.name}`);
      return undefined;
    }
    return literalOf(node.value, kind, this.#report, place);
  }

  #bytes(node: JsonNode, place: Place): string | undefined {
    const text = this.#text(node, place);
    if (text !== undefined && !isBase64(text))
      this.#report.deviation('aas:base64', place, 'The content is not base64 (RFC 4648).');
    return text;
  }

  /** The class of an object: the declared one, or the descendant its model type names. */
  #typeOf(node: JsonObject, declared: AasClass, place: Place | null): AasClass | undefined {
    if (!declared.hasModelType) return declared;
    const only = declared.abstract ? undefined : declared;
    const named = node.members.get('modelType');
    const at = below(place, 'modelType');
    const allowed = [...declared.concrete.keys()].join(', ');
    if (!named) {
      this.#report.deviation('aas:modelType', place, `modelType is missing; one of ${allowed} is expected.`);
      return this.#report.isImport ? only : undefined;
    }
    const name = named.kind === 'scalar' ? named.value : null;
    const found = typeof name === 'string' ? declared.concrete.get(name) : undefined;
    if (found && (!only || found === only)) return found;
    this.#report.deviation(
      'aas:modelType',
      at,
      `${typeof name === 'string' ? JSON.stringify(name) : 'This'} is no model type for this place; one of ${only?.name ?? allowed} is expected.`,
    );
    return this.#report.isImport ? only : undefined;
  }

  /** Reports what is missing; `false` when the instance cannot be used without it. */
  #complete(instance: Instance, node: JsonObject, type: AasClass, place: Place | null): boolean {
    for (const { name, required } of type.properties) {
      if (required && !node.members.has(name))
        this.#report.deviation('aas:required', place, `A ${type.name} needs the member ${name}.`);
    }
    if (!this.#report.isImport) return true;
    return isUsable(instance, type, this.#report, place);
  }

  #wrongType(node: JsonNode, place: Place | null, expected: string): void {
    const found =
      node.kind === 'scalar' ? (node.value === null ? 'null' : `a ${nameOf(node.value)}`) : `an ${node.kind}`;
    const code = found === 'null' ? 'aas:null' : 'aas:type';
    this.#report.deviation(code, place, `${expected} is expected here, but there is ${found}.`);
  }
}

function nameOf(value: string | number | boolean): string {
  return typeof value === 'string' ? 'text' : typeof value === 'number' ? 'number' : 'truth value';
}

/** A literal of an enumeration; one that is none is reported, and kept as it is or repaired while importing. */
export function literalOf(
  text: string,
  kind: ValueKind & { kind: 'enum' },
  report: Report,
  place: Place,
): string {
  if (kind.literals.has(text)) return text;
  const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
  const repaired = repairedLiteral(text, kind.literals);
  const taken = report.isImport && repaired ? ` It is taken as ${repaired}.` : '';
  report.deviation('aas:enum', place, `${shown} is not of ${kind.name}.${taken}`);
  return repaired ?? text;
}

/** Whether an instance has what it cannot do without; if not, it is reported as left out. */
export function isUsable(instance: Instance, type: AasClass, report: Report, place: Place | null): boolean {
  const missing = essentialsOf(type).filter((name) => !Object.hasOwn(instance, name));
  if (!missing.length) return true;
  const message = `The ${type.name} is left out: it has no usable ${missing.join(' and ')}.`;
  if (type.lineage.has('Identifiable')) report.refusal('aas:leftOut', place, message);
  else report.deviation('aas:leftOut', place, message);
  return false;
}
