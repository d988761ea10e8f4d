import { isSince, type AasVersion } from './version.ts';

const submodelElements = [
  'AnnotatedRelationshipElement',
  'BasicEventElement',
  'Blob',
  'Capability',
  'DataElement',
  'Entity',
  'EventElement',
  'File',
  'MultiLanguageProperty',
  'Operation',
  'Property',
  'Range',
  'ReferenceElement',
  'RelationshipElement',
  'SubmodelElement',
  'SubmodelElementCollection',
  'SubmodelElementList',
] as const;

const identifiables = ['AssetAdministrationShell', 'ConceptDescription', 'Identifiable', 'Submodel'] as const;

/**
 * Literals of each enumeration, as of 3.0.
 * @see IDTA-01001, sections on core classes, submodel elements, data types and referencing; IDTA-01003-a (IEC 61360)
 */
const enumerations = {
  ModellingKind: ['Template', 'Instance'],
  QualifierKind: ['ValueQualifier', 'ConceptQualifier', 'TemplateQualifier'],
  AssetKind: ['Type', 'Instance', 'NotApplicable'],
  AasSubmodelElements: submodelElements,
  EntityType: ['CoManagedEntity', 'SelfManagedEntity'],
  Direction: ['input', 'output'],
  StateOfEvent: ['on', 'off'],
  ReferenceTypes: ['ExternalReference', 'ModelReference'],
  KeyTypes: [...submodelElements, ...identifiables, 'FragmentReference', 'GlobalReference', 'Referable'],
  DataTypeDefXsd: [
    'xs:anyURI',
    'xs:base64Binary',
    'xs:boolean',
    'xs:byte',
    'xs:date',
    'xs:dateTime',
    'xs:decimal',
    'xs:double',
    'xs:duration',
    'xs:float',
    'xs:gDay',
    'xs:gMonth',
    'xs:gMonthDay',
    'xs:gYear',
    'xs:gYearMonth',
    'xs:hexBinary',
    'xs:int',
    'xs:integer',
    'xs:long',
    'xs:negativeInteger',
    'xs:nonNegativeInteger',
    'xs:nonPositiveInteger',
    'xs:positiveInteger',
    'xs:short',
    'xs:string',
    'xs:time',
    'xs:unsignedByte',
    'xs:unsignedInt',
    'xs:unsignedLong',
    'xs:unsignedShort',
  ],
  DataTypeIec61360: [
    'DATE',
    'STRING',
    'STRING_TRANSLATABLE',
    'INTEGER_MEASURE',
    'INTEGER_COUNT',
    'INTEGER_CURRENCY',
    'REAL_MEASURE',
    'REAL_COUNT',
    'REAL_CURRENCY',
    'BOOLEAN',
    'IRI',
    'IRDI',
    'RATIONAL',
    'RATIONAL_MEASURE',
    'TIME',
    'TIMESTAMP',
    'FILE',
    'HTML',
    'BLOB',
  ],
} as const;

export type EnumerationName = keyof typeof enumerations;

/** Literals that came later. */
const additions: readonly (readonly [AasVersion, EnumerationName, string])[] = [
  ['3.1', 'AssetKind', 'Role'],
  ['3.2', 'AssetKind', 'Batch'],
];

/** Every enumeration of a version, by name. */
export function enumerationsOf(version: AasVersion): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    Object.entries(enumerations).map(([name, literals]) => [
      name,
      new Set<string>([
        ...literals,
        ...additions
          .filter(([since, of]) => of === name && isSince(version, since))
          .map(([, , literal]) => literal),
      ]),
    ]),
  );
}

/** The sets of key types that constraints speak of. @see IDTA-01001, section on referencing */
export const keySets = {
  genericFragmentKeys: new Set<string>(['FragmentReference']),
  genericGloballyIdentifiables: new Set<string>(['GlobalReference']),
  aasIdentifiables: new Set<string>(identifiables),
  globallyIdentifiables: new Set<string>([...identifiables, 'GlobalReference']),
  fragmentKeys: new Set<string>([...submodelElements, 'FragmentReference']),
  aasReferables: new Set<string>([...submodelElements, ...identifiables, 'Referable']),
} as const;

/** The sets of IEC 61360 data types that constraints speak of. @see IDTA-01003-a, AASc-3a-004 to -009 */
export const iecTypeSets = {
  propertyOrValue: new Set([
    'DATE',
    'STRING',
    'STRING_TRANSLATABLE',
    'INTEGER_MEASURE',
    'INTEGER_COUNT',
    'INTEGER_CURRENCY',
    'REAL_MEASURE',
    'REAL_COUNT',
    'REAL_CURRENCY',
    'BOOLEAN',
    'RATIONAL',
    'RATIONAL_MEASURE',
    'TIME',
    'TIMESTAMP',
  ]),
  reference: new Set(['STRING', 'IRI', 'IRDI']),
  document: new Set(['FILE', 'BLOB', 'HTML']),
  withUnit: new Set([
    'INTEGER_MEASURE',
    'REAL_MEASURE',
    'RATIONAL_MEASURE',
    'INTEGER_CURRENCY',
    'REAL_CURRENCY',
  ]),
} as const;
