/** Reads `@type`: the class of an element, its adjuncts, and types that are not known. */
import { pointerTo } from '../json-pointer.ts';
import type { JsonObject } from '../json-text.ts';
import { resolveTerm, type Context } from './context.ts';
import { typesOf } from './json-ld.ts';
import { classMembers } from './metamodel/classes.ts';
import type { Expected } from './metamodel/compiled.ts';
import { language } from './metamodel/language.ts';
import { adjunctOf, classWords, wordFor } from './metamodel/vocabulary.ts';
import type { Report } from './report.ts';

export interface TypeInfo {
  readonly cls: string;
  readonly adjuncts: ReadonlySet<string>;
  readonly unknown: readonly string[];
}

/** @returns `null` after a finding when the element is none of what may stand here. */
export function readTypes(
  node: JsonObject,
  expected: Expected,
  context: Context,
  pointer: string,
  report: Report,
): TypeInfo | null {
  const at = node.members.has('@type') ? pointerTo(pointer, '@type') : pointer;
  const written = typesOf(node);
  if (!written && expected.inferred === null) {
    reportBadType(expected, 'no @type', pointer, report);
    return null;
  }
  const reader = new TypeReader(expected, context, at, report);
  const allFine = (written ?? [expected.inferred]).map((text) => reader.read(text)).every(Boolean);
  return allFine ? reader.result() : null;
}

function reportBadType(expected: Expected, what: string, at: string, report: Report): void {
  report.error(
    'badType',
    at,
    `The element has ${what}; here it has to be one of: ${expected.classes.join(', ') || expected.group}.`,
  );
}

/** Classes of elements that have no class in `@type`, only a kind of unit. */
const unitClasses: Readonly<Record<string, string>> = { unit: 'Unit', unitAttribute: 'UnitAttribute' };

class TypeReader {
  readonly #expected: Expected;
  readonly #context: Context;
  readonly #at: string;
  readonly #report: Report;
  readonly #classes = new Set<string>();
  readonly #adjuncts = new Set<string>();
  readonly #unknown: string[] = [];

  constructor(expected: Expected, context: Context, at: string, report: Report) {
    this.#expected = expected;
    this.#context = context;
    this.#at = at;
    this.#report = report;
  }

  /** @returns whether the type can stand here. */
  read(text: string | null): boolean {
    if (text === null) {
      this.#report.error('hub:typeNotString', this.#at, '@type has to be a string or a list of strings.');
      return false;
    }
    const cls = this.#classOf(text);
    if (cls !== null) {
      this.#classes.add(cls);
      return true;
    }
    if (classWords.has(text)) return this.#refuse(text);
    const uri = resolveTerm(text, this.#context);
    if (uri === null) return this.#readUnknown(text);
    const adjunct = adjunctOf(uri);
    if (!adjunct) return this.#readIrrelevant(text);
    if (adjunct.abstract) {
      this.#report.error(
        'abstractSupplementalType',
        this.#at,
        `${text} is abstract; use a type that refines it.`,
      );
      return false;
    }
    const unitClass = unitClasses[adjunct.kind];
    if (unitClass !== undefined) {
      if (unitClass !== this.#expected.group) return this.#refuse(text);
      this.#classes.add(unitClass);
    }
    this.#adjuncts.add(uri);
    return true;
  }

  #classOf(text: string): string | null {
    const { version } = this.#context;
    return (
      this.#expected.classes.find((cls) => text === cls || text === `dtmi:dtdl:class:${cls};${version}`) ??
      null
    );
  }

  #refuse(text: string): false {
    reportBadType(this.#expected, `the type ${text}`, this.#at, this.#report);
    return false;
  }

  #readUnknown(text: string): boolean {
    const { version, incomplete } = this.#context;
    if (text.startsWith('dtmi:')) {
      this.#report.error('typeInvalidDtmi', this.#at, `The type ${text} is not a valid DTMI.`);
      return false;
    }
    if (!language[version].tolerant) {
      if (text.includes(':')) {
        this.#report.error('typeNotDtmiNorTerm', this.#at, `The type ${text} is neither a DTMI nor a word.`);
        return false;
      }
      if (!incomplete) {
        this.#report.error(
          'typeUndefinedTerm',
          this.#at,
          `The type ${text} is not known; correct it, or name its extension in @context.`,
        );
        return false;
      }
    }
    this.#unknown.push(text);
    return true;
  }

  #readIrrelevant(text: string): boolean {
    if (this.#context.incomplete) {
      this.#unknown.push(text);
      return true;
    }
    this.#report.error('typeIrrelevantDtmiOrTerm', this.#at, `${text} cannot stand in @type; remove it.`);
    return false;
  }

  result(): TypeInfo | null {
    const [cls] = this.#classes;
    if (cls === undefined) {
      reportBadType(this.#expected, 'no class in @type', this.#at, this.#report);
      return null;
    }
    if (this.#classes.size > 1) {
      this.#report.error(
        'multipleMaterialTypes',
        this.#at,
        `@type names several classes: ${[...this.#classes].join(', ')}. Keep one.`,
      );
      return null;
    }
    return { cls, adjuncts: this.#fitting(cls), unknown: this.#unknown };
  }

  /** All adjuncts, so that their members are known; those that do not go with the class are reported. */
  #fitting(cls: string): ReadonlySet<string> {
    const sources = new Map<string, string>();
    for (const uri of this.#adjuncts) {
      const adjunct = adjunctOf(uri);
      if (!adjunct || unitClasses[adjunct.kind] !== undefined) continue;
      const word = wordFor(uri);
      if (!adjunct.cotypes.includes(cls))
        this.#report.error(
          'invalidCotype',
          this.#at,
          `${word} goes with ${adjunct.cotypes.filter((name) => name in classMembers).join(', ')}, not with ${cls}.`,
        );
      else if (!adjunct.versions.includes(this.#context.version))
        this.#report.error(
          'invalidCotypeVersion',
          this.#at,
          `${word} goes with DTDL ${adjunct.versions.join(', ')}, not with ${this.#context.version}.`,
        );
      else {
        this.#checkSources(uri, Object.keys(adjunct.properties), sources);
        this.#checkNeeds(word, adjunct.needs ?? []);
        this.#checkExcludes(uri);
      }
    }
    return this.#adjuncts;
  }

  #checkSources(uri: string, properties: readonly string[], sources: Map<string, string>): void {
    for (const property of properties) {
      const other = sources.get(property);
      if (other !== undefined)
        this.#report.error(
          'conflictingSupplementalTypes',
          this.#at,
          `${wordFor(uri)} and ${wordFor(other)} both add ${wordFor(property)}; keep one of them.`,
        );
      else sources.set(property, uri);
    }
  }

  #checkNeeds(word: string, needs: readonly string[]): void {
    for (const need of needs)
      if (!this.#adjuncts.has(need))
        this.#report.error('missingCocotype', this.#at, `${word} needs ${wordFor(need)} beside it in @type.`);
  }

  #checkExcludes(uri: string): void {
    for (const other of adjunctOf(uri)?.excludes ?? [])
      if (this.#adjuncts.has(other))
        this.#report.error(
          'disallowedCocotype',
          this.#at,
          `${wordFor(uri)} cannot stand beside ${wordFor(other)} in @type; remove one.`,
        );
  }
}
