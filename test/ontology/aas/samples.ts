/** Valid instances of every class, made from the metamodel: few members (minimal) or all of them (maximal). */
import {
  classOf,
  metamodelOf,
  type AasClass,
  type AasProperty,
  type AasVersion,
} from '#ontology/aas/metamodel/index.ts';

export type Json = Record<string, unknown>;

/** A text of each string type. */
const texts: Readonly<Record<string, string>> = {
  ValueDataType: 'text',
  NonEmptyString: 'text',
  UomText: 'm/s',
  Identifier: 'urn:test:1',
  ValueTypeIec61360: 'text',
  NameType: 'name',
  QualifierType: 'kind',
  LabelType: 'label',
  MessageTopicType: 'topic/1',
  VersionType: '2',
  RevisionType: '7',
  ContentType: 'application/pdf',
  PathType: 'file:///docs/a.pdf',
  IdShortType: 'Thing1',
  LanguageTag: 'en',
  DateTimeUtc: '2026-01-31T12:00:00Z',
  Duration: 'PT30S',
};

/** Members whose value the rules narrow, by class (or ancestor) and name. */
const narrowed: Readonly<Record<string, unknown>> = {
  'AssetAdministrationShell.derivedFrom': modelReference('AssetAdministrationShell'),
  'AssetAdministrationShell.submodels': [modelReference('Submodel')],
  'BasicEventElement.observed': modelReference('Submodel'),
  'BasicEventElement.messageBroker': modelReference('Submodel'),
  'BasicEventElement.direction': 'output',
  'EventPayload.source': modelReference('Submodel', 'BasicEventElement'),
  'EventPayload.observableReference': modelReference('Submodel'),
  'DataElement.category': 'PARAMETER',
  'Submodel.kind': 'Instance',
  'SubmodelElementList.typeValueListElement': 'Property',
  'SubmodelElementList.valueTypeListElement': 'xs:string',
  'Entity.entityType': 'SelfManagedEntity',
  'Extension.valueType': 'xs:string',
  'Qualifier.valueType': 'xs:string',
  'Qualifier.kind': 'ConceptQualifier',
  'Property.valueType': 'xs:string',
  'Range.valueType': 'xs:string',
  'DataSpecificationIec61360.dataType': 'REAL_MEASURE',
  'Key.type': 'GlobalReference',
};

/** Members left out although they are optional, since another member of the same class excludes them. */
const excluded = ['Entity.specificAssetIds', 'DataSpecificationIec61360.valueList'];

export function externalReference(value = 'urn:test:semantics'): Json {
  return { type: 'ExternalReference', keys: [{ type: 'GlobalReference', value }] };
}

export function modelReference(...types: string[]): Json {
  return { type: 'ModelReference', keys: types.map((type, i) => ({ type, value: `urn:test:key:${i}` })) };
}

/** How to fill a sample. */
interface Fill {
  readonly version: AasVersion;
  readonly maximal: boolean;
  /** Levels of nesting still filled; below it, samples are minimal. */
  readonly depth: number;
}

/** A valid instance of a class that has instances. */
export function sampleOf(type: AasClass, fill: Fill): Json {
  const sample: Json = type.hasModelType ? { modelType: type.name } : {};
  for (const property of type.properties) {
    if (isFilled(property, type, fill)) sample[property.name] = valueOf(property, type, fill);
  }
  return adjusted(sample, type, fill);
}

function isFilled({ name, required }: AasProperty, type: AasClass, { maximal, depth }: Fill): boolean {
  if (required) return true;
  if (named(type, name).some((path) => excluded.includes(path))) return false;
  return (maximal && depth > 0) || (name === 'idShort' && type.lineage.has('SubmodelElement'));
}

/** `Class.member` for the class and its ancestors. */
function named(type: AasClass, member: string): string[] {
  return [...type.lineage].map((name) => `${name}.${member}`);
}

function valueOf(property: AasProperty, type: AasClass, fill: Fill): unknown {
  const path = named(type, property.name).find((one) => one in narrowed);
  if (path) return structuredClone(narrowed[path]);
  const value = singleOf(property, { ...fill, depth: fill.depth - 1 });
  return property.list ? [value] : value;
}

function singleOf({ name, value }: AasProperty, fill: Fill): unknown {
  switch (value.kind) {
    case 'boolean':
      return true;
    case 'bytes':
      return 'AAEC';
    case 'string':
      return texts[value.type.name];
    case 'enum':
      return [...value.literals][0];
    case 'class':
      if (value.type.name === 'Reference') return externalReference(`urn:test:${name}`);
      return sampleOf(defaultOf(value.type), fill);
  }
}

function defaultOf(type: AasClass): AasClass {
  const preferred = type.concrete.get('Property') ?? type.concrete.get('DataSpecificationIec61360');
  return (type.abstract ? preferred : type) as AasClass;
}

/** What a valid instance needs beyond its required members. */
function adjusted(sample: Json, type: AasClass, { version }: Fill): Json {
  if (type.name === 'AssetInformation') sample['globalAssetId'] ??= 'urn:test:asset';
  if (type.name === 'Entity') sample['globalAssetId'] ??= sample['entityType'] ? 'urn:test:asset' : undefined;
  if (type.name === 'DataSpecificationIec61360') sample['unit'] ??= sample['dataType'] ? 'm' : undefined;
  if (type.name === 'SubmodelElementList') {
    sample['valueTypeListElement'] ??= 'xs:string';
    withoutOwnSemantics(sample);
  }
  if (type.name === 'Operation') distinctVariables(sample);
  if (type.name === 'ConceptDescription') withDefinitions(sample);
  return JSON.parse(JSON.stringify(sample)) as Json;

  function withoutOwnSemantics(list: Json): void {
    for (const item of (list['value'] as Json[] | undefined) ?? []) {
      if (version === '3.0') delete item['idShort'];
      delete item['semanticId'];
      delete item['supplementalSemanticIds'];
    }
  }
}

function withDefinitions(concept: Json): void {
  for (const specification of (concept['embeddedDataSpecifications'] as Json[] | undefined) ?? []) {
    const content = specification['dataSpecificationContent'] as Json;
    content['definition'] ??= [{ language: 'en', text: 'text' }];
  }
}

function distinctVariables(operation: Json): void {
  for (const member of ['inputVariables', 'outputVariables', 'inoutputVariables']) {
    for (const variable of (operation[member] as Json[] | undefined) ?? [])
      (variable['value'] as Json)['idShort'] = member;
  }
}

/** An instance inside an environment. */
export interface Placed {
  readonly environment: Json;
  /** The instance itself, to be changed in place. */
  readonly instance: Json;
  readonly type: AasClass;
}

/** A minimal or maximal instance of a class within the smallest environment around it; `null` for one that none holds. */
export function placed(name: string, version: AasVersion, maximal: boolean): Placed | null {
  const type = classOf(version, name);
  const way = ways(version).get(name);
  if (!way) return null;
  const instance = sampleOf(type, { version, maximal, depth: 3 });
  let inner = instance;
  for (const { owner, property } of [...way].reverse()) {
    const holder = sampleOf(owner, { version, maximal: false, depth: 0 });
    holder[property.name] = property.list ? [inner] : inner;
    if (holder['supplementalSemanticIds']) holder['semanticId'] ??= externalReference();
    inner = holder;
  }
  return { environment: inner, instance, type };
}

interface Step {
  readonly owner: AasClass;
  readonly property: AasProperty;
}

const known = new Map<AasVersion, ReadonlyMap<string, readonly Step[]>>();

/** The shortest way from an environment to each class. */
function ways(version: AasVersion): ReadonlyMap<string, readonly Step[]> {
  const found = known.get(version) ?? search(version);
  known.set(version, found);
  return found;
}

function search(version: AasVersion): ReadonlyMap<string, readonly Step[]> {
  const start = metamodelOf(version).classes.get('Environment') as AasClass;
  const result = new Map<string, readonly Step[]>([['Environment', []]]);
  const queue = [start];
  for (let owner = queue.shift(); owner; owner = queue.shift()) {
    for (const property of owner.properties) {
      if (property.value.kind !== 'class' || named(owner, property.name).some((path) => path in narrowed))
        continue;
      if (owner.name === 'SubmodelElementList') continue;
      for (const target of property.value.type.concrete.values()) {
        if (target.name !== property.value.type.name && !property.value.type.abstract) continue;
        if (result.has(target.name)) continue;
        result.set(target.name, [...(result.get(owner.name) ?? []), { owner, property }]);
        queue.push(target);
      }
    }
  }
  return result;
}
