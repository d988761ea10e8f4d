/**
 * Semantic types and units as adjuncts, terms and standard elements: of DTDL 2 itself, and of QuantitativeTypes 1 to 3.
 */
import type { DtdlVersion } from '../dtmi.ts';
import { classesOf } from './classes.ts';
import { prefixesOf, semanticTypesOf, unitsOf, type QuantityEdition } from './quantities.ts';
import type { Adjunct, AdjunctProperty, Extension, StandardElement } from './types.ts';

/** What semantic types and units add to a vocabulary. */
export interface QuantityVocabulary {
  readonly terms: Readonly<Record<string, string>>;
  readonly adjuncts: readonly Adjunct[];
  readonly elements: readonly StandardElement[];
}

const required = (type: string): AdjunctProperty => ({ holds: 'element', required: true, type });
const symbol: AdjunctProperty = { holds: 'string', required: true };
const exponent: AdjunctProperty = { holds: 'integer', required: true };

/** Units and semantic types of DTDL 2: units are elements of classes of their own. */
export function languageQuantities(): QuantityVocabulary {
  const cls = (name: string) => `dtmi:standard:class:${name};2`;
  const property = (name: string) => `dtmi:dtdl:property:${name};2`;
  const base: Pick<Adjunct, 'cotypes' | 'versions'> = { cotypes: [], versions: [] };
  const unit = (name: string): Adjunct => ({
    ...base,
    uri: cls(name),
    kind: 'unit',
    parent: 'dtmi:dtdl:class:Unit;2',
    properties: {},
  });
  const prefix = (name: string): Adjunct => ({
    ...base,
    uri: cls(name),
    kind: 'unitAttribute',
    parent: 'dtmi:dtdl:class:UnitAttribute;2',
    properties: { [property('exponent')]: exponent, [property('symbol')]: symbol },
  });
  const anyUnit = required('dtmi:dtdl:class:Unit;2');
  const semanticUnit = (name: string, properties: Record<string, AdjunctProperty>): Adjunct => ({
    uri: cls(name),
    kind: 'semanticUnit',
    parent: 'dtmi:dtdl:class:SemanticUnit;2',
    cotypes: ['Unit'],
    versions: [2],
    properties,
  });
  const scaled = (name: string, prefixKind: string) =>
    semanticUnit(name, {
      [property('baseUnit')]: anyUnit,
      [property('prefix')]: { holds: 'element', required: false, type: cls(prefixKind) },
    });
  const quantity = cls('QuantitativeType');
  const semantic = (uri: string, unitType: string, parent: string | null): Adjunct => ({
    uri,
    kind: 'semanticType',
    parent: parent ?? 'dtmi:dtdl:class:SemanticType;2',
    cotypes: ['Property', 'Telemetry'],
    versions: [2],
    properties: { [property('unit')]: required(unitType) },
    ...(parent
      ? {}
      : {
          abstract: true as const,
          values: [{ member: 'schema', types: ['dtmi:dtdl:class:NumericSchema;2'] }],
        }),
  });
  const units = unitsOf(0);
  const prefixes = prefixesOf(0);
  const adjuncts = [
    ...[...units.keys()].map(unit),
    ...[...prefixes.keys()].map(prefix),
    scaled('BinaryUnit', 'BinaryPrefix'),
    scaled('DecimalUnit', 'DecimalPrefix'),
    semanticUnit('RatioUnit', { [property('bottomUnit')]: anyUnit, [property('topUnit')]: anyUnit }),
    semantic(quantity, 'dtmi:dtdl:class:Unit;2', null),
    ...[...semanticTypesOf(0)].map(([name, kind]) => semantic(cls(name), cls(kind), quantity)),
  ];
  const element = (folder: string, owner: string) => (kind: string, words: readonly string[]) =>
    words.map((word): StandardElement & { word: string } => ({
      word,
      id: `dtmi:standard:${folder}:${word};2`,
      cls: owner,
      version: 2,
      types: [cls(kind)],
      parent: null,
      holds: {},
    }));
  const elements = [
    ...[...units].flatMap(([kind, words]) => element('unit', 'Unit')(kind, words)),
    ...[...prefixes].flatMap(([kind, words]) => element('unitprefix', 'UnitAttribute')(kind, words)),
  ];
  const terms = Object.fromEntries([
    ...elements.map(({ word, id }) => [word, id] as const),
    ...adjuncts.map(({ uri }) => [uri.slice('dtmi:standard:class:'.length, -2), uri] as const),
  ]);
  return { terms, adjuncts, elements };
}

const valued = ['CommandRequest', 'CommandResponse', 'Field', 'MapValue', 'Property', 'Telemetry'];

/** QuantitativeTypes: units are values of enumerations. */
export function quantitativeTypes(version: number): { extension: Extension } & QuantityVocabulary {
  const edition: QuantityEdition = version === 3 ? 3 : 1;
  const language: DtdlVersion = version === 1 ? 3 : 4;
  const name = 'dtmi:dtdl:extension:quantitativeTypes';
  const uri = (folder: string, word: string) => `${name}:v${version}:${folder}:${word}`;
  const enumValue = `dtmi:dtdl:class:EnumValue;${language}`;
  const unitProperty = uri('property', 'unit');
  const member = (word: string) => `dtmi:dtdl:property:${word};${language}`;
  const onValue = (
    word: string,
    versions: readonly DtdlVersion[],
    properties: Record<string, AdjunctProperty>,
  ) => ({
    uri: uri('class', word),
    kind: 'adjunct' as const,
    parent: `dtmi:dtdl:class:AdjunctType;${language}`,
    cotypes: ['EnumValue'],
    versions,
    properties,
  });
  const scaled = {
    [uri('property', 'baseUnit')]: required(enumValue),
    [uri('property', 'prefix')]: { ...required(enumValue), required: false },
  };
  const quantity = uri('class', 'QuantitativeType');
  const semantic = (word: string, kind: string | null): Adjunct => ({
    uri: uri('class', word),
    kind: 'semanticType',
    parent: kind === null ? `dtmi:dtdl:class:SemanticType;${language}` : quantity,
    cotypes: valued,
    versions: [language],
    properties: {
      [unitProperty]: {
        ...required(enumValue),
        ...(kind === null ? {} : { childOf: uri('enum', kind) }),
      },
    },
    ...(kind === null
      ? {
          abstract: true as const,
          values: [{ member: 'schema', types: [`dtmi:dtdl:class:NumericSchema;${language}`] }],
        }
      : {}),
  });
  const adjuncts = [
    { ...onValue('BinaryUnit', version === 1 ? [2, 3] : [2, 3, 4], scaled), cotypes: classesOf(language) },
    onValue('DecimalUnit', [language], scaled),
    onValue('RatioUnit', [language], {
      [uri('property', 'bottomUnit')]: required(enumValue),
      [uri('property', 'topUnit')]: required(enumValue),
    }),
    onValue('SymbolicUnit', [language], { [member('symbol')]: symbol }),
    onValue('UnitPrefix', [language], { [member('exponent')]: exponent, [member('symbol')]: symbol }),
    semantic('QuantitativeType', null),
    ...[...semanticTypesOf(edition)].map(([word, kind]) => semantic(word, kind)),
  ];
  const kinds = [
    ...[...unitsOf(edition)].map(([kind, words]) => ({ kind, words, folder: 'unit' })),
    ...[...prefixesOf(edition)].map(([kind, words]) => ({ kind, words, folder: 'unitprefix' })),
  ];
  const standard = { version: language, types: [] as string[] };
  const elements = kinds.flatMap(({ kind, words, folder }): StandardElement[] => {
    const parent = uri('enum', kind);
    const ids = words.map((word) => uri(folder, word));
    const value = (id: string, i: number): StandardElement => ({
      ...standard,
      id,
      cls: 'EnumValue',
      parent,
      holds: {},
      name: words[i] ?? '',
    });
    return [
      { ...standard, id: parent, cls: 'Enum', parent: null, holds: { enumValues: ids } },
      ...ids.map(value),
    ];
  });
  const words = (folder: string, list: readonly string[]) =>
    list.map((word) => [word, uri(folder, word)] as const);
  const terms = Object.fromEntries([
    ...kinds.flatMap((row) => words(row.folder, row.words)),
    ...words(
      'enum',
      kinds.map(({ kind }) => kind),
    ),
    ['EnergyRateUnit', uri('enum', 'PowerUnit')],
    ...adjuncts.map((row) => [row.uri.slice(row.uri.lastIndexOf(':') + 1), row.uri] as const),
    ...words('property', ['baseUnit', 'bottomUnit', 'prefix', 'topUnit', 'unit']),
  ]) as Record<string, string>;
  return { extension: { name, version, terms, adjuncts }, terms, adjuncts, elements };
}
