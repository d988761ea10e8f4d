/**
 * Semantic ids in all their notations: one form to compare them in, with the version apart.
 *
 * @see ISO 29002-5 (IRDI); IDTA-01001, 5.3.11 (semantic ids), matching of references
 */
export const semanticIdSystems = ['ECLASS', 'IEC_CDD', 'IDTA', 'DTMI', 'OTHER'] as const;
export type SemanticIdSystem = (typeof semanticIdSystems)[number];

/** A semantic id taken apart. */
export interface SemanticId {
  readonly system: SemanticIdSystem;
  /**
   * The concept without its version, in one notation: `0173-1#02-AAO677`, `0112/2///61987#ABA565`,
   * `admin-shell.io/idta/timeseries`, `dtmi:com:example:Pump`; else the text itself.
   */
  readonly concept: string;
  /** `002`, `1/1`, `3`; `null` when the id names none. */
  readonly version: string | null;
}

/** How two ids match, best first. */
export const matchLevels = ['EXACT', 'VALUE', 'VERSION', 'SUPPLEMENTAL'] as const;
/**
 * EXACT: the same text. VALUE: the same concept and version in another notation. VERSION: the same concept in another
 * version, or without one. SUPPLEMENTAL: one of these, but by a supplemental id.
 */
export type MatchLevel = (typeof matchLevels)[number];

const eclass =
  /(?:^|\/)(0173)[-/](\d)(?:#|-{1,3}|\/\/\/)(\d\d)[-#]([A-Z]{3}\d{3})(?:[#-](\d{3}))?(?:[*~]\d+)?/i;
const iecCdd = /(0112)[-/](\d)(?:\/\/\/|-{3})([\dA-Z_]+)#([A-Z]{3}\d{3})(?:#(\d{3}))?/i;
const idta = /^https?:\/\/(?:www\.)?admin-shell\.io\/(.*)$/i;
const idtaVersion = /\/(\d+\/\d+(?:\/\d+)?)(?=\/|$)/;
const dtmi = /^(dtmi:[^;]+)(?:;(\d+(?:\.\d+)?))?$/;

/** Takes an id apart; never throws. Surrounding blanks, `irdi:` and `[IRDI]` before it do not matter. */
export function parseSemanticId(text: string): SemanticId {
  const plain = decoded(text.trim()).replace(/^(?:\[IRDI\]\s*|urn:irdi:|irdi:|iri:)/i, '');
  return (
    readPath(plain) ??
    readEclass(plain) ??
    readIecCdd(plain) ??
    readIdta(plain) ??
    readDtmi(plain) ?? { system: 'OTHER', concept: plain.replace(/\/+$/, ''), version: null }
  );
}

function decoded(text: string): string {
  if (!/%[0-9a-f]{2}/i.test(text)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** ECLASS writes the place of a property in a class as `PROPERTY/CLASS`: the two together are the concept. */
function readPath(text: string): SemanticId | null {
  const parts = text.split(/\s*\/(?=0173-1[#-])/).map((part) => readEclass(part));
  const own = parts.filter((part) => part !== null);
  if (own.length < 2 || /^https?:/i.test(text) !== (parts[0] === null)) return null;
  return {
    system: 'ECLASS',
    concept: own.map(({ concept }) => concept).join('/'),
    version: own.every(({ version }) => version !== null)
      ? own.map(({ version }) => version).join('/')
      : null,
  };
}

function readEclass(text: string): SemanticId | null {
  const [, authority, source, kind, code, version] = eclass.exec(text) ?? [];
  if (!authority || !code) return null;
  return {
    system: 'ECLASS',
    concept: `${authority}-${source}#${kind}-${code.toUpperCase()}`,
    version: version ?? null,
  };
}

function readIecCdd(text: string): SemanticId | null {
  const [, authority, source, part, code, version] = iecCdd.exec(text) ?? [];
  if (!authority || !part || !code) return null;
  return {
    system: 'IEC_CDD',
    concept: `${authority}/${source}///${part}#${code.toUpperCase()}`,
    version: version ?? null,
  };
}

/** IDTA's own ids differ in case, blanks and a slash at the end from one template to the next. */
function readIdta(text: string): SemanticId | null {
  const rest = idta.exec(text)?.[1]?.replace(/\s+/g, '').replace(/\/+$/, '');
  if (!rest) return null;
  const version = idtaVersion.exec(`/${rest}`)?.[1] ?? null;
  const concept = version === null ? rest : `/${rest}`.replace(`/${version}`, '').slice(1);
  return { system: 'IDTA', concept: `admin-shell.io/${concept.toLowerCase()}`, version };
}

function readDtmi(text: string): SemanticId | null {
  const [, concept, version] = dtmi.exec(text) ?? [];
  return concept ? { system: 'DTMI', concept, version: version ?? null } : null;
}

/** How two ids match; `null` when they name different concepts. */
export function matchIds(a: string, b: string): Exclude<MatchLevel, 'SUPPLEMENTAL'> | null {
  if (a === b) return 'EXACT';
  const [left, right] = [parseSemanticId(a), parseSemanticId(b)];
  if (left.system !== right.system || left.concept !== right.concept) return null;
  return left.version === right.version ? 'VALUE' : 'VERSION';
}

/** The ids an element carries. */
export interface CarriedIds {
  readonly main: readonly string[];
  readonly supplemental: readonly string[];
}

/** The best match of what an element carries with any of the wanted ids; `null` when there is none. */
export function matchCarried(carried: CarriedIds, wanted: readonly string[]): MatchLevel | null {
  const main = best(carried.main, wanted);
  if (main) return main;
  return best(carried.supplemental, wanted) ? 'SUPPLEMENTAL' : null;
}

function best(ids: readonly string[], wanted: readonly string[]): MatchLevel | null {
  const found = new Set<MatchLevel | null>(ids.flatMap((id) => wanted.map((other) => matchIds(id, other))));
  return matchLevels.find((level) => found.has(level)) ?? null;
}
