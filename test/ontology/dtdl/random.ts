/** Random models that hang together, and random changes to them; the same seed gives the same cases. */
import type { DtdlCase } from './cases.ts';
import type { Json, Mutable } from './specimens.ts';

/** A stream of numbers from 0 to 1. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const primitives = ['double', 'integer', 'string', 'boolean', 'dateTime', 'point', 'long', 'bytes', 'short'];
const names = ['a', 'b', 'c', 'd', 'e', 'f'];

/** Extensions the reference of the oracle's version knows, by the version of the language they go with. */
const usable: Readonly<Record<number, readonly string[]>> = {
  2: ['dtmi:iotcentral:context;2'],
  3: [
    'quantitativeTypes;1',
    'annotation;1',
    'overriding;1',
    'historization;1',
    'mqtt;1',
    'requirement;1',
  ].map((name) => `dtmi:dtdl:extension:${name}`),
  4: [
    'quantitativeTypes;2',
    'annotation;2',
    'overriding;2',
    'historization;2',
    'mqtt;2',
    'requirement;1',
  ].map((name) => `dtmi:dtdl:extension:${name}`),
};

class ModelMaker {
  readonly #random: () => number;
  #ids = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)] as T;
  }

  chance(part: number): boolean {
    return this.#random() < part;
  }

  upTo(most: number): number {
    return Math.floor(this.#random() * (most + 1));
  }

  /** Interfaces that refer to each other. */
  models(): Mutable[] {
    const count = 1 + this.upTo(4);
    const main = this.pick([2, 3, 4]);
    return Array.from({ length: count }, (_, i) =>
      this.#model(i, count, this.chance(0.8) ? main : this.pick([2, 3, 4])),
    );
  }

  #model(index: number, count: number, version: number): Mutable {
    const others = Array.from({ length: count }, (_, i) => `dtmi:test:I${i};1`);
    const extras = this.chance(0.7) ? [] : (usable[version] ?? []);
    const model: Mutable = {
      '@context': extras.length
        ? [`dtmi:dtdl:context;${version}`, ...extras]
        : `dtmi:dtdl:context;${version}`,
      '@id': `dtmi:test:I${index};1`,
      '@type': 'Interface',
    };
    const later = others.slice(index + 1);
    if (this.chance(0.4))
      model['extends'] = this.chance(0.85) && later.length ? later.slice(0, 2) : [this.pick(others)];
    const shared = `dtmi:test:S${this.chance(0.9) ? index : 0};1`;
    if (this.chance(0.4)) model['schemas'] = [{ '@id': shared, ...this.#complex(2, shared) }];
    const offset = this.chance(0.6) ? index : 0;
    if (this.chance(0.9))
      model['contents'] = Array.from({ length: this.upTo(4) }, (_, i) =>
        this.#content(
          this.chance(0.95) ? `${this.pick(names)}${i}${offset}` : this.pick(names),
          version,
          shared,
          others,
          extras,
        ),
      );
    if (this.chance(0.2)) model['displayName'] = this.chance(0.5) ? 'text' : { en: 'text', de: 'Text' };
    return model;
  }

  #content(
    name: string,
    version: number,
    shared: string,
    others: readonly string[],
    extras: readonly string[],
  ): Mutable {
    const base: Mutable = { name };
    if (this.chance(0.1)) base['@id'] = `dtmi:test:c${this.chance(0.8) ? this.#ids++ : 0};1`;
    const kind = this.pick(['Telemetry', 'Property', 'Property', 'Relationship', 'Component', 'Command']);
    if (kind === 'Component') return { '@type': kind, ...base, schema: this.pick(others) };
    if (kind === 'Command') {
      const payload = (): Mutable => ({ name: 'q', schema: this.#schema(2, shared) });
      return {
        '@type': kind,
        ...base,
        request: payload(),
        ...(this.chance(0.5) ? { response: payload() } : {}),
      };
    }
    if (kind === 'Relationship')
      return {
        '@type': kind,
        ...base,
        ...(this.chance(0.5) ? { target: this.pick(others) } : {}),
        ...(this.chance(0.5)
          ? { properties: [{ '@type': 'Property', name: 'p', schema: this.#schema(2, shared) }] }
          : {}),
      };
    const plain: Mutable = { '@type': kind, ...base, schema: this.#schema(3, shared) };
    return extras.length || version === 2 ? this.#adorned(plain, version) : plain;
  }

  /** With a semantic type, an annotation or another adjunct. */
  #adorned(content: Mutable, version: number): Mutable {
    const kind = content['@type'] as string;
    const roll = this.#random();
    if (roll < 0.3)
      return {
        ...content,
        '@type': [kind, 'Temperature'],
        schema: 'double',
        unit: this.pick(['kelvin', 'kelvin', 'metre']),
      };
    if (version === 2)
      return roll < 0.5
        ? { ...content, '@type': [kind, this.pick(['State', 'Event', 'Location'])] }
        : content;
    const sibling = `${this.pick(names)}${this.upTo(2)}${this.upTo(1)}`;
    if (roll < 0.5) return { ...content, '@type': [kind, 'ValueAnnotation'], annotates: sibling };
    if (roll < 0.7)
      return {
        ...content,
        '@type': ['Property', 'ValueAnnotation', 'Override'],
        annotates: sibling,
        overrides: this.pick(['unit', 'unit', 'schema', 'writable', 'index']),
        schema: this.chance(0.5)
          ? `dtmi:dtdl:extension:quantitativeTypes:v${version - 2}:enum:TemperatureUnit`
          : 'string',
      };
    if (roll < 0.8) return { ...content, '@type': [kind, 'Historized'] };
    return { ...content, '@type': ['Telemetry', 'Indexed'], index: 1 + this.upTo(2) };
  }

  #schema(depth: number, shared: string): Json {
    const roll = this.#random();
    if (roll < 0.55 || depth === 0) return this.pick(primitives);
    if (roll < 0.75) return shared;
    return this.#complex(depth - 1, shared);
  }

  #complex(depth: number, shared: string): Mutable {
    switch (this.pick(['Array', 'Enum', 'Map', 'Object', 'Object'])) {
      case 'Array':
        return { '@type': 'Array', elementSchema: this.#schema(depth, shared) };
      case 'Map':
        return {
          '@type': 'Map',
          mapKey: { name: 'k', schema: 'string' },
          mapValue: { name: 'v', schema: this.#schema(depth, shared) },
        };
      case 'Enum': {
        const integers = this.chance(0.5);
        return {
          '@type': 'Enum',
          valueSchema: integers ? 'integer' : 'string',
          enumValues: Array.from({ length: 1 + this.upTo(2) }, (_, i) => ({
            name: `n${i}`,
            enumValue: integers ? i : `v${i}`,
          })),
        };
      }
      default:
        return {
          '@type': 'Object',
          fields: Array.from({ length: 1 + this.upTo(2) }, (_, i) => ({
            name: `f${i}`,
            schema: this.#schema(depth, shared),
          })),
        };
    }
  }
}

interface Spot {
  readonly holder: Mutable | Json[];
  readonly key: string | number;
}

function spotsOf(node: Json, into: Spot[] = []): Spot[] {
  if (typeof node !== 'object' || node === null) return into;
  const entries = Array.isArray(node) ? node.map((_, i) => i) : Object.keys(node);
  for (const key of entries) {
    into.push({ holder: node as Mutable, key });
    spotsOf((node as Mutable)[key] as Json, into);
  }
  return into;
}

const words: readonly Json[] = [
  ...primitives,
  ...names,
  'dtmi:test:I0;1',
  'dtmi:test:I1;1',
  'dtmi:test:S0;1',
  'dtmi:test:S1;1',
  'dtmi:test:c0;1',
  'dtmi:dtdl:context;2',
  'dtmi:dtdl:context;3',
  'dtmi:dtdl:context;4',
  'Property',
  'Interface',
  'Object',
  'Array',
  'kelvin',
  'metre',
  '',
  'a_',
  '@set',
  0,
  1,
  -1,
  1.5,
  1e20,
  true,
  false,
  {},
  [],
  [[]],
  ['a', 'b'],
  { '@value': 'x' },
];

/** Changes a model in one place. */
function mutate(model: Json, generator: ModelMaker): void {
  const spots = spotsOf(model);
  if (!spots.length) return;
  const { holder, key } = generator.pick(spots);
  const at = holder as Mutable;
  const other = generator.pick(spots);
  const copy = (value: Json | undefined) => JSON.parse(JSON.stringify(value ?? null)) as Json;
  switch (generator.upTo(5)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else Reflect.deleteProperty(holder, key);
      break;
    case 1:
      at[key] = copy(generator.pick(words));
      break;
    case 2:
      at[key] = copy((other.holder as Mutable)[other.key]);
      break;
    case 3:
      at[key] = [copy(at[key]), copy((other.holder as Mutable)[other.key])];
      break;
    case 4:
      if (!Array.isArray(holder)) holder[String(other.key)] = copy((other.holder as Mutable)[other.key]);
      break;
    default:
      if (Array.isArray(holder)) holder.push(copy(holder[Number(key)]));
      else
        holder[generator.pick(['@id', '@type', 'name', 'schema', 'unit', 'comment', '@context'])] = copy(
          generator.pick(words),
        );
  }
}

/** Models without end: half of them as generated, half changed in one to three places. */
export function* randomCases(seed: number): Generator<DtdlCase> {
  for (let i = 0; ; i++) {
    const generator = new ModelMaker(randomOf(seed + i));
    const models: Json = generator.models();
    if (generator.chance(0.5)) for (let n = 1 + generator.upTo(2); n > 0; n--) mutate(models, generator);
    yield { name: `random ${seed + i}`, document: models };
  }
}
