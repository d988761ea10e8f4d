import type { AasVersion } from './version.ts';

/**
 * The classes of the metamodel as of 3.0: `Name < Parent, Parent: property: Type, ...`. A `?` after the name marks an
 * optional property, `[]` after the type a list. The order is that of the XML schema: a class has the properties of its
 * parents first. `abstract` classes have no instances of their own.
 *
 * @see IDTA-01001-3-0, metamodel; IDTA-01003-a-3-0, data specification IEC 61360
 */
const core = `
abstract HasSemantics: semanticId?: Reference, supplementalSemanticIds?: Reference[]
abstract HasExtensions: extensions?: Extension[]
abstract HasKind: kind?: ModellingKind
abstract HasDataSpecification: embeddedDataSpecifications?: EmbeddedDataSpecification[]
abstract Qualifiable: qualifiers?: Qualifier[]
abstract Referable < HasExtensions: category?: NameType, idShort?: IdShortType, displayName?: LangStringNameType[], description?: LangStringTextType[]
abstract Identifiable < Referable: administration?: AdministrativeInformation, id: Identifier
Extension < HasSemantics: name: NameType, valueType?: DataTypeDefXsd, value?: ValueDataType, refersTo?: Reference[]
AdministrativeInformation < HasDataSpecification: version?: VersionType, revision?: RevisionType, creator?: Reference, templateId?: Identifier
Qualifier < HasSemantics: kind?: QualifierKind, type: QualifierType, valueType: DataTypeDefXsd, value?: ValueDataType, valueId?: Reference
AssetAdministrationShell < Identifiable, HasDataSpecification: derivedFrom?: Reference, assetInformation: AssetInformation, submodels?: Reference[]
AssetInformation: assetKind: AssetKind, globalAssetId?: Identifier, specificAssetIds?: SpecificAssetId[], assetType?: Identifier, defaultThumbnail?: Resource
Resource: path: PathType, contentType?: ContentType
SpecificAssetId < HasSemantics: name: LabelType, value: Identifier, externalSubjectId?: Reference
Submodel < Identifiable, HasKind, HasSemantics, Qualifiable, HasDataSpecification: submodelElements?: SubmodelElement[]
abstract SubmodelElement < Referable, HasSemantics, Qualifiable, HasDataSpecification
RelationshipElement < SubmodelElement: first: Reference, second: Reference
AnnotatedRelationshipElement < RelationshipElement: annotations?: DataElement[]
SubmodelElementList < SubmodelElement: orderRelevant?: boolean, semanticIdListElement?: Reference, typeValueListElement: AasSubmodelElements, valueTypeListElement?: DataTypeDefXsd, value?: SubmodelElement[]
SubmodelElementCollection < SubmodelElement: value?: SubmodelElement[]
abstract DataElement < SubmodelElement
Property < DataElement: valueType: DataTypeDefXsd, value?: ValueDataType, valueId?: Reference
MultiLanguageProperty < DataElement: value?: LangStringTextType[], valueId?: Reference
Range < DataElement: valueType: DataTypeDefXsd, min?: ValueDataType, max?: ValueDataType
ReferenceElement < DataElement: value?: Reference
Blob < DataElement: value?: bytes, contentType: ContentType
File < DataElement: value?: PathType, contentType: ContentType
Entity < SubmodelElement: statements?: SubmodelElement[], entityType: EntityType, globalAssetId?: Identifier, specificAssetIds?: SpecificAssetId[]
abstract EventElement < SubmodelElement
BasicEventElement < EventElement: observed: Reference, direction: Direction, state: StateOfEvent, messageTopic?: MessageTopicType, messageBroker?: Reference, lastUpdate?: DateTimeUtc, minInterval?: Duration, maxInterval?: Duration
EventPayload: source: Reference, sourceSemanticId?: Reference, observableReference: Reference, observableSemanticId?: Reference, topic?: MessageTopicType, subjectId?: Reference, timeStamp: DateTimeUtc, payload?: bytes
Operation < SubmodelElement: inputVariables?: OperationVariable[], outputVariables?: OperationVariable[], inoutputVariables?: OperationVariable[]
OperationVariable: value: SubmodelElement
Capability < SubmodelElement
ConceptDescription < Identifiable, HasDataSpecification: isCaseOf?: Reference[]
Reference: type: ReferenceTypes, referredSemanticId?: Reference, keys: Key[]
Key: type: KeyTypes, value: Identifier
abstract AbstractLangString: language: LanguageTag, text: NonEmptyString
LangStringNameType < AbstractLangString
LangStringTextType < AbstractLangString
Environment: assetAdministrationShells?: AssetAdministrationShell[], submodels?: Submodel[], conceptDescriptions?: ConceptDescription[]
abstract DataSpecificationContent
EmbeddedDataSpecification: dataSpecification: Reference, dataSpecificationContent: DataSpecificationContent
LevelType: min: boolean, nom: boolean, typ: boolean, max: boolean
ValueReferencePair: value: ValueTypeIec61360, valueId: Reference
ValueList: valueReferencePairs: ValueReferencePair[]
LangStringPreferredNameTypeIec61360 < AbstractLangString
LangStringShortNameTypeIec61360 < AbstractLangString
LangStringDefinitionTypeIec61360 < AbstractLangString
DataSpecificationIec61360 < DataSpecificationContent: preferredName: LangStringPreferredNameTypeIec61360[], shortName?: LangStringShortNameTypeIec61360[], unit?: NonEmptyString, unitId?: Reference, sourceOfDefinition?: NonEmptyString, symbol?: NonEmptyString, dataType?: DataTypeIec61360, definition?: LangStringDefinitionTypeIec61360[], valueFormat?: NonEmptyString, valueList?: ValueList, value?: ValueTypeIec61360, levelType?: LevelType
`;

/** Classes that read differently from a version on, or came with it; the last text that applies holds. */
const changes: readonly (readonly [AasVersion, string])[] = [
  [
    '3.1',
    `
RelationshipElement < SubmodelElement: first?: Reference, second?: Reference
Blob < DataElement: value?: bytes, contentType?: ContentType
File < DataElement: value?: PathType, contentType?: ContentType
Entity < SubmodelElement: statements?: SubmodelElement[], entityType?: EntityType, globalAssetId?: Identifier, specificAssetIds?: SpecificAssetId[]
ValueReferencePair: value: ValueTypeIec61360, valueId?: Reference
`,
  ],
  [
    '3.2',
    `
AdministrativeInformation < HasDataSpecification: version?: VersionType, revision?: RevisionType, creator?: Reference, createdAt?: DateTimeUtc, updatedAt?: DateTimeUtc, templateId?: Identifier
LangStringUom < AbstractLangString
LangStringDefinitionTypeUom < AbstractLangString
DataSpecificationUom < DataSpecificationContent: preferredName: LangStringUom[], symbol: UomText, specificUnitId?: UomText, definition?: LangStringDefinitionTypeUom[], preferredNameQuantity?: LangStringUom[], quantityId?: Identifier, classificationSystem?: UomText, classificationSystemVersion?: UomText
`,
  ],
];

/** A property as written in the tables. */
export interface PropertyText {
  readonly name: string;
  readonly type: string;
  readonly list: boolean;
  readonly required: boolean;
}

/** A class as written in the tables. */
export interface ClassText {
  readonly name: string;
  readonly abstract: boolean;
  readonly parents: readonly string[];
  readonly properties: readonly PropertyText[];
}

/** The classes of a version, by name, in the order of the tables. */
export function classTexts(version: AasVersion): ReadonlyMap<string, ClassText> {
  const texts = [core, ...changes.filter(([since]) => since <= version).map(([, text]) => text)];
  const parsed = texts.flatMap((text) => text.trim().split('\n').map(parseClass));
  return new Map(parsed.map((one) => [one.name, one]));
}

function parseClass(line: string): ClassText {
  const found = /^(abstract )?(\w+)(?: < ([\w, ]+))?(?:: (.*))?$/.exec(line);
  if (!found) throw new TypeError(`Not a class of the metamodel: ${line}`);
  const [, abstract, name = '', parents, properties] = found;
  return {
    name,
    abstract: abstract !== undefined,
    parents: parents?.split(', ') ?? [],
    properties: properties?.split(', ').map(parseProperty) ?? [],
  };
}

function parseProperty(text: string): PropertyText {
  const found = /^(\w+)(\?)?: (\w+)(\[\])?$/.exec(text);
  if (!found) throw new TypeError(`Not a property of the metamodel: ${text}`);
  const [, name = '', optional, type = '', list] = found;
  return { name, type, list: list !== undefined, required: optional === undefined };
}
