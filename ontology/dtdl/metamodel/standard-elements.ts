/** Elements of the language that models may refer to: primitive schemas, kinds of commands, geospatial schemas. */
import type { DtdlVersion } from '../dtmi.ts';
import { primitivesOf } from './classes.ts';
import type { StandardElement } from './types.ts';

/** The name of a primitive schema for its class: `DateTime` is `dateTime`. */
export function schemaWord(cls: string): string {
  return cls.charAt(0).toLowerCase() + cls.slice(1);
}

const instance = (folder: string, word: string, version: DtdlVersion) =>
  `dtmi:dtdl:instance:${folder}:${word};${version}`;

/** How deep the coordinates of each geospatial schema are nested in arrays. @see RFC 7946, section 3.1 */
const coordinates = {
  point: 1,
  multiPoint: 2,
  lineString: 2,
  multiLineString: 3,
  polygon: 3,
  multiPolygon: 4,
} as const;

/** Words for standard schemas that are objects, by version. */
export function objectSchemas(version: DtdlVersion): ReadonlyMap<string, string> {
  const words: [string, string][] = Object.keys(coordinates).map((word) => [
    word,
    `dtmi:standard:schema:geospatial:${word};${version}`,
  ]);
  if (version === 4) words.push(['scaledDecimal', 'dtmi:standard:schema:scaledDecimal;4']);
  return new Map(words);
}

/** Collects elements that hold each other. */
class Builder {
  readonly elements: StandardElement[] = [];
  readonly #version: DtdlVersion;

  constructor(version: DtdlVersion) {
    this.#version = version;
  }

  add(id: string, cls: string, holds: Record<string, readonly string[]> = {}, name?: string): string {
    this.elements.push({
      id,
      cls,
      version: this.#version,
      types: [],
      parent: null,
      holds,
      ...(name === undefined ? {} : { name }),
    });
    return id;
  }

  object(id: string, fields: readonly (readonly [name: string, schema: string])[]): void {
    const ids = fields.map(([name, schema]) =>
      this.add(`${id}:_${name}`, 'Field', { schema: [schema] }, name),
    );
    this.add(id, 'Object', { fields: ids });
  }
}

/** All standard elements of a version, those of extensions left out. */
export function languageElements(version: DtdlVersion): readonly StandardElement[] {
  const builder = new Builder(version);
  for (const cls of primitivesOf(version)) builder.add(instance('Schema', schemaWord(cls), version), cls);
  for (const word of ['asynchronous', 'synchronous'])
    builder.add(instance('CommandType', word, version), 'CommandType');
  const arrays = [instance('Schema', 'double', version)];
  for (const depth of [1, 2, 3, 4])
    arrays.push(
      builder.add(`dtmi:standard:schema:geospatial:coordinates${depth};${version}`, 'Array', {
        elementSchema: [arrays[depth - 1] ?? ''],
      }),
    );
  for (const [word, depth] of Object.entries(coordinates)) {
    const id = `dtmi:standard:schema:geospatial:${word};${version}`;
    const value = builder.add(`${id}:_value`, 'EnumValue', {}, word);
    const type = builder.add(`${id}:_kind`, 'Enum', {
      enumValues: [value],
      valueSchema: [instance('Schema', 'string', 2)],
    });
    builder.object(id, [
      ['type', type],
      ['coordinates', arrays[depth] ?? ''],
    ]);
  }
  if (version === 4)
    builder.object('dtmi:standard:schema:scaledDecimal;4', [
      ['value', instance('Schema', 'decimal', 4)],
      ['scale', instance('Schema', 'short', 4)],
    ]);
  if (version === 2) centralSchemas(builder);
  return builder.elements;
}

/** Schemas of the iotcentral extension. @see DTDL.iotcentral.v2 */
function centralSchemas(builder: Builder): void {
  const double = instance('Schema', 'double', 2);
  for (const [word, fields] of [
    ['vector', ['x', 'y', 'z']],
    ['geopoint', ['lon', 'lat', 'alt']],
  ] as const)
    builder.object(
      `dtmi:iotcentral:schema:${word};2`,
      fields.map((name) => [name, double] as const),
    );
}
