/**
 * Values of the geospatial schemas: GeoJSON geometries.
 * @see RFC 7946, section 3.1
 */
import { isObject, type Check, type Walk } from './check.ts';
import { JsonNumber, shown } from './lexical.ts';

const isFiniteNumber = (value: unknown) => Number.isFinite(value instanceof JsonNumber ? value.value : value);

/** Longitude, latitude, and altitude if wanted. */
const position: Check = (value, walk) => {
  if (!Array.isArray(value) || value.length < 2 || value.length > 3 || !value.every(isFiniteNumber))
    walk.report('geometry', `A position is a list of two or three numbers, not ${shown(value)}.`);
};

function listOf(what: string, item: Check, minItems = 0): Check {
  return (value, walk) => {
    if (!Array.isArray(value))
      return walk.report('geometry', `A list of ${what} is needed, not ${shown(value)}.`);
    if (value.length < minItems)
      walk.report('geometry', `At least ${minItems} ${what} are needed; there are ${value.length}.`);
    for (const [i, inner] of value.entries()) walk.into(String(i), item, inner);
  };
}

const line = listOf('positions', position, 2);
const openRing = listOf('positions', position, 4);

/** A linear ring: at least four positions, the last one equal to the first. */
const ring: Check = (value, walk: Walk) => {
  const before = walk.found.length;
  openRing(value, walk);
  if (walk.found.length > before || !Array.isArray(value)) return;
  const numbers = (at: number) =>
    (value.at(at) as readonly unknown[]).map((number) =>
      number instanceof JsonNumber ? number.value : number,
    );
  if (numbers(0).join() !== numbers(-1).join())
    walk.report('geometry', 'A ring ends where it begins: repeat the first position as the last.');
};

const polygon = listOf('rings', ring, 1);

const coordinates: Readonly<Record<string, readonly [type: string, check: Check]>> = {
  point: ['Point', position],
  multiPoint: ['MultiPoint', listOf('positions', position)],
  lineString: ['LineString', line],
  multiLineString: ['MultiLineString', listOf('lines', line)],
  polygon: ['Polygon', polygon],
  multiPolygon: ['MultiPolygon', listOf('polygons', polygon)],
};

function geometry(type: string, check: Check): Check {
  return (value, walk) => {
    if (!isObject(value)) return walk.report('geometry', `A GeoJSON ${type} is needed, not ${shown(value)}.`);
    for (const name of Object.keys(value))
      if (name !== 'type' && name !== 'coordinates') walk.into(name, unknownMember, value[name]);
    if (value['type'] !== type)
      walk.into(
        'type',
        (found) => walk.report('geometry', `The type is ${type} here, not ${shown(found)}.`),
        value['type'],
      );
    walk.into('coordinates', check, value['coordinates']);
  };
}

const unknownMember: Check = (_, walk) =>
  walk.report('unknownField', 'A geometry has the members type and coordinates, no others.');

/** The checks of the geospatial schemas by their names in the language. */
export const geospatialChecks: ReadonlyMap<string, Check> = new Map(
  Object.entries(coordinates).map(([name, [type, check]]) => [name, geometry(type, check)]),
);
