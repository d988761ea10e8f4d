import { pointerTo } from '../json-pointer.ts';
import type { JsonNode, JsonObject } from '../json-text.ts';
import { dtdlVersions, dtmiParts, isAnyDtmi, isDtmi, type DtdlVersion, type DtmiParts } from './dtmi.ts';
import { textOf } from './json-ld.ts';
import { language, languagePrefixes } from './metamodel/language.ts';
import type { Extension, LimitSet } from './metamodel/types.ts';
import { extensions, termsOf } from './metamodel/vocabulary.ts';
import type { Report } from './report.ts';

/** What a reader may be asked to do differently. */
export interface DtdlReadOptions {
  /** Whether extensions that are not known may stand in `@context`. @default allowed in DTDL 2 only */
  readonly undefinedExtensions?: 'allow' | 'disallow' | undefined;
  /**
   * Limit contexts that models may name, such as `dtmi:dtdl:limits:onvif` (any version) or `dtmi:dtdl:limits:onvif;1`.
   * @default all that are known
   */
  readonly limitContexts?: readonly string[] | undefined;
  /** The newest version of the language to accept. @default 4 */
  readonly maxVersion?: number | undefined;
}

/** What the `@context` of an element and of those around it switches on. */
export interface Context {
  readonly version: DtdlVersion;
  readonly limits: LimitSet;
  /** Known extensions by name, in the order they came in. */
  readonly extensions: ReadonlyMap<string, Extension>;
  /** Some extension is not known: what is not defined may belong to it. */
  readonly incomplete: boolean;
}

const languagePrefix = 'dtmi:dtdl:context;';

/** The identifier a word or DTMI stands for; `null` when it is neither. */
export function resolveTerm(text: string, context: Context): string | null {
  if (text.startsWith('dtmi:'))
    return text.length <= context.limits.idLength && isDtmi(text, context.version) ? text : null;
  if (text.includes(':')) return null;
  const term = termsOf[context.version].get(text);
  if (term !== undefined) return term;
  for (const { terms } of context.extensions.values())
    if (Object.hasOwn(terms, text)) return terms[text] ?? null;
  return null;
}

/** Prefixes of identifiers that a model must not define. */
export function reservedPrefixes(context: Context): readonly string[] {
  return [...languagePrefixes, ...[...context.extensions.values()].flatMap((row) => row.reserved ?? [])];
}

interface Part {
  readonly text: string | null;
  readonly at: string;
}

/**
 * The context of an element.
 * @param outer - the context of the element around it; `null` for a top-level element.
 * @throws {Stop} the `@context` cannot be used.
 */
export function readContext(
  node: JsonObject,
  pointer: string,
  outer: Context | null,
  options: DtdlReadOptions,
  report: Report,
): Context {
  const value = node.members.get('@context');
  const advice = 'add "dtmi:dtdl:context;4" or another version of DTDL.';
  const parts = value ? partsOf(value, pointerTo(pointer, '@context')) : [];
  if (!parts.length) {
    if (outer) return outer;
    if (value) report.stop('emptyContext', pointerTo(pointer, '@context'), `@context is empty; ${advice}`);
    report.stop('missingContext', pointer, `The element has no @context; ${advice}`);
  }
  return new ContextReader(parts, outer, options, report).read();
}

function partsOf(value: JsonNode, at: string): Part[] {
  if (value.kind !== 'array') return [{ text: textOf(value), at }];
  return value.items.map((item, i) => ({ text: textOf(item), at: pointerTo(at, i) }));
}

class ContextReader {
  readonly #parts: readonly Part[];
  readonly #outer: Context | null;
  readonly #options: DtdlReadOptions;
  readonly #report: Report;
  readonly #extensions: Map<string, Extension>;
  #version: DtdlVersion | null;
  #limits: LimitSet | null;
  #incomplete: boolean;

  constructor(parts: readonly Part[], outer: Context | null, options: DtdlReadOptions, report: Report) {
    this.#parts = parts;
    this.#outer = outer;
    this.#options = options;
    this.#report = report;
    this.#extensions = new Map(outer?.extensions);
    this.#version = outer?.version ?? null;
    this.#limits = outer?.limits ?? null;
    this.#incomplete = outer?.incomplete ?? false;
  }

  read(): Context {
    const [first] = this.#parts as readonly [Part, ...Part[]];
    let next = this.#readPartners();
    next = this.#readLanguage(next);
    if (this.#version === null || this.#limits === null)
      this.#report.stop(
        'missingDtdlContext',
        first.at,
        'The first value of @context has to be a version of DTDL, such as "dtmi:dtdl:context;4".',
      );
    const version = this.#version;
    const last = this.#parts.at(-1);
    if (last?.text === null)
      this.#report.stop(
        'disallowedLocalContext',
        last.at,
        `Definitions of terms in @context are not allowed in DTDL ${version}; remove them.`,
      );
    const { undefinedExtensions } = this.#options;
    const allow = undefinedExtensions
      ? undefinedExtensions === 'allow'
      : language[version].allowsUndefinedExtensions;
    for (const part of this.#parts.slice(next)) this.#readExtension(part, version, allow);
    return {
      version,
      limits: this.#limits,
      extensions: this.#extensions.size ? this.#extensions : (this.#outer?.extensions ?? this.#extensions),
      incomplete: this.#incomplete,
    };
  }

  /** Extensions that imply a version of the language may stand before it, or without it. */
  #readPartners(): number {
    let i = 0;
    for (; i < this.#parts.length; i++) {
      const part = this.#parts[i] as Part;
      const [name = '', version] = part.text?.split(';') ?? [];
      const implied = extensions.get(name)?.get(Number(version))?.impliesVersion;
      if (part.text === null || !implied) break;
      this.#readExtension(part, implied, this.#options.undefinedExtensions === 'allow');
    }
    return i;
  }

  #readLanguage(from: number): number {
    let i = from;
    for (; this.#parts[i]?.text?.startsWith(languagePrefix); i++) {
      const { text, at } = this.#parts[i] as Part & { text: string };
      const { version, limited } = this.#readVersion(text, at);
      this.#version = version;
      this.#limits = language[version].limits;
      if (limited) continue;
      const limits = this.#readLimits(this.#parts[i + 1], version);
      if (!limits)
        this.#report.stop(
          'missingLimitContext',
          at,
          `${text} has to be followed by a limit context, such as "dtmi:dtdl:limits:onvif;1".`,
        );
      this.#limits = limits;
      i++;
    }
    return i;
  }

  #readVersion(text: string, at: string): { version: DtdlVersion; limited: boolean } {
    const { major, fragment } = this.#parse(text, at);
    const known = dtdlVersions.join(', ');
    if (fragment && fragment !== '#limitless' && fragment !== '#limits')
      this.#report.stop(
        'invalidContextFragment',
        at,
        `${fragment} means nothing after a version of DTDL; remove it.`,
      );
    const version = dtdlVersions.find((candidate) => candidate === major);
    if (fragment && !(version && language[version].allowsLimitContexts))
      this.#report.stop('disallowedContextFragment', at, `DTDL ${major} has no ${fragment}; remove it.`);
    if (major === 0) this.#report.stop('missingContextVersion', at, `${text} needs a version: ${known}.`);
    if (fragment === '#limits')
      this.#report.stop(
        'misplacedLimitContext',
        at,
        `${text} can stand after "${languagePrefix}${major}#limitless" only.`,
      );
    if (!version)
      this.#report.stop(
        'unrecognizedContextVersion',
        at,
        `${text} is no version of DTDL known here; known are ${known}.`,
      );
    if (this.#options.maxVersion !== undefined && version > this.#options.maxVersion)
      this.#report.stop(
        'disallowedContextVersion',
        at,
        `DTDL ${version} is newer than the newest version accepted, ${this.#options.maxVersion}.`,
      );
    this.#checkForVersion(text, version, at);
    return { version, limited: fragment !== '#limitless' };
  }

  #readLimits(part: Part | undefined, version: DtdlVersion): LimitSet | null {
    if (!part || part.text === null) return null;
    const { text, at } = part;
    if (!text.startsWith('dtmi:')) this.#notDtmi(text, at);
    const parts = this.#parse(text, at);
    if (parts.major === 0) this.#report.stop('missingContextVersion', at, `${text} needs a version.`);
    this.#checkForVersion(text, version, at);
    if (text.startsWith(languagePrefix)) {
      if (parts.fragment && parts.fragment !== '#limitless' && parts.fragment !== '#limits')
        this.#report.stop('invalidContextFragment', at, `${parts.fragment} means nothing here; use #limits.`);
      return parts.fragment !== '#limitless' && parts.major === version ? language[version].limits : null;
    }
    if (parts.fragment) this.#invalid(text, at);
    const found = extensions.get(parts.name)?.get(parts.major)?.limits;
    if (!found || found.version !== version) return null;
    if (!this.#accepts(parts))
      this.#report.stop(
        'disallowedLimitContext',
        at,
        `The limits of ${text} are not accepted here; use "${languagePrefix}${version}" without #limitless.`,
      );
    return found.set;
  }

  #accepts({ name, major, minor }: DtmiParts): boolean {
    const accepted = this.#options.limitContexts;
    if (!accepted) return true;
    return accepted.some((text) => {
      const parts = dtmiParts(text);
      const fits = parts.major === 0 || (parts.major === major && parts.minor <= minor);
      return parts.name === name && fits;
    });
  }

  #readExtension(part: Part, version: DtdlVersion, allowUndefined: boolean): void {
    const { text, at } = part;
    if (text === null)
      this.#report.stop('localContextNotLast', at, 'Definitions of terms have to be last in @context.');
    if (text.startsWith(languagePrefix))
      this.#report.stop(
        'dtdlContextFollowsAffiliate',
        at,
        'The version of DTDL has to stand before all extensions in @context.',
      );
    if (!text.startsWith('dtmi:')) this.#notDtmi(text, at);
    const { name, major, fragment } = this.#parse(text, at);
    if (fragment) this.#invalid(text, at);
    this.#checkForVersion(text, version, at);
    if (major === 0)
      this.#report.stop('missingContextVersion', at, `${text} needs a version, such as ${name};1.`);
    const versions = extensions.get(name);
    if (!versions) {
      if (!allowUndefined)
        this.#report.stop(
          'unresolvableContextSpecifier',
          at,
          `The extension ${text} is not known; remove it, or have undefined extensions allowed.`,
        );
      this.#keep(text, at);
      return;
    }
    const extension = versions.get(major);
    if (!extension) {
      if (!allowUndefined)
        this.#report.stop(
          'unresolvableContextVersion',
          at,
          `${text} is no version known here; known are ${[...versions.keys()].join(', ')}.`,
        );
      this.#keep(text, at);
      return;
    }
    if (extension.limits)
      this.#report.stop(
        'misplacedLimitContext',
        at,
        `${text} can stand after "${languagePrefix}${extension.limits.version}#limitless" only.`,
      );
    this.#extensions.set(name, extension);
  }

  #keep(text: string, at: string): void {
    this.#incomplete = true;
    const message = `The extension ${text} is not known; what it adds is kept in the source and not checked.`;
    this.#report.sink.warn('hub:extensionKept', at, message);
  }

  #parse(text: string, at: string): DtmiParts {
    if (!isAnyDtmi(text)) this.#invalid(text, at);
    return dtmiParts(text);
  }

  #invalid(text: string, at: string): never {
    this.#report.stop('invalidContextSpecifier', at, `${text} is not a valid DTMI for @context.`);
  }

  #notDtmi(text: string, at: string): never {
    this.#report.stop(
      'nonDtmiContextSpecifier',
      at,
      `${text} is not a DTMI; only DTMIs can stand in @context.`,
    );
  }

  #checkForVersion(text: string, version: DtdlVersion, at: string): void {
    const bare = text.split('#', 1)[0] ?? text;
    if (!isDtmi(bare, version) || bare.length > language[version].limits.idLength)
      this.#report.stop(
        'invalidContextSpecifierForVersion',
        at,
        `${text} is not a DTMI as DTDL ${version} allows it.`,
      );
  }
}
