/** Environments that keep or break each constraint: all combinations of what a rule looks at. */
import { metamodelOf, type AasVersion } from '#ontology/aas/metamodel/index.ts';
import { caseOf, externalReference, languageTexts, type FaultCase } from './faults.ts';
import { placed, sampleOf, type Json } from './samples.ts';

const element = (modelType: string, more: Json = {}): Json => ({ modelType, ...more });
const property = (idShort: string | null, more: Json = {}): Json =>
  element('Property', { ...(idShort === null ? {} : { idShort }), valueType: 'xs:string', ...more });

/** All combinations of one value for each name. */
export function* combinations(choices: Readonly<Record<string, readonly unknown[]>>): Generator<Json> {
  const [first, ...rest] = Object.entries(choices);
  if (!first) return yield {};
  for (const others of combinations(Object.fromEntries(rest))) {
    for (const value of first[1])
      yield value === undefined ? { ...others } : { [first[0]]: value, ...others };
  }
}

function* combined(
  name: string,
  version: AasVersion,
  choices: Readonly<Record<string, readonly unknown[]>>,
): Generator<FaultCase> {
  for (const members of combinations(choices)) {
    yield caseOf(JSON.stringify(members), name, version, false, ({ instance }) => {
      for (const member of Object.keys(choices)) delete instance[member];
      Object.assign(instance, members);
    });
  }
}

export function* constraintCases(version: AasVersion): Generator<FaultCase> {
  yield* assets(version);
  yield* namespaces(version);
  yield* lists(version);
  yield* templates(version);
  yield* concepts(version);
  yield* sameNames(version);
}

function* assets(version: AasVersion): Generator<FaultCase> {
  const id = (name: string, value: string): Json => ({ name, value });
  const ids = [
    undefined,
    [],
    [id('a', 'x')],
    [id('globalAssetId', 'x')],
    [id('globalAssetId', 'y')],
    [id('GLOBALASSETID', 'y')],
    [id('a', 'x'), id('globalAssetId', 'x')],
  ];
  const choices = { globalAssetId: [undefined, 'x'], specificAssetIds: ids };
  yield* combined('AssetInformation', version, choices);
  yield* combined('Entity', version, {
    ...choices,
    entityType: [undefined, 'SelfManagedEntity', 'CoManagedEntity'],
  });
  yield* combined('BasicEventElement', version, {
    direction: ['input', 'output'],
    maxInterval: [undefined, 'PT1S'],
    minInterval: [undefined, 'PT1S'],
  });
  yield* combined('AdministrativeInformation', version, {
    version: [undefined, '1'],
    revision: [undefined, '1'],
  });
  yield* combined('Submodel', version, {
    semanticId: [undefined, externalReference()],
    supplementalSemanticIds: [undefined, [], [externalReference()]],
  });
  const categories = [undefined, '', 'CONSTANT', 'PARAMETER', 'VARIABLE', 'constant', 'VALUE', 'x'];
  for (const name of [
    'Property',
    'MultiLanguageProperty',
    'Range',
    'ReferenceElement',
    'File',
    'Blob',
    'Capability',
    'Entity',
    'Submodel',
    'Operation',
  ])
    yield* combined(name, version, { category: categories });
}

function* namespaces(version: AasVersion): Generator<FaultCase> {
  const contents = [
    undefined,
    [],
    [property('a1')],
    [property(null)],
    [property('a1'), property('a1')],
    [property('a1'), property('A1')],
    [property('a1'), property('b1'), property('a1')],
    [property('a1'), element('Capability', { idShort: 'a1' })],
    [property('a1'), property(null)],
    [property(null), property(null)],
  ];
  for (const [name, member] of [
    ['Submodel', 'submodelElements'],
    ['SubmodelElementCollection', 'value'],
    ['Entity', 'statements'],
    ['AnnotatedRelationshipElement', 'annotations'],
  ] as const)
    yield* combined(name, version, { [member]: contents });
  const variables = [
    undefined,
    [],
    [{ value: property('a1') }],
    [{ value: property('b1') }],
    [{ value: property(null) }],
    [{ value: property('a1') }, { value: property('a1') }],
  ];
  yield* combined('Operation', version, {
    inputVariables: variables,
    outputVariables: variables,
    inoutputVariables: variables,
  });
}

function* lists(version: AasVersion): Generator<FaultCase> {
  const { classes } = metamodelOf(version);
  const elements = [...(classes.get('SubmodelElement')?.concrete.values() ?? [])];
  const bare = (name: string): Json => {
    const made = sampleOf(elements.find((one) => one.name === name) ?? elements[0]!, {
      version,
      maximal: false,
      depth: 0,
    });
    delete made['idShort'];
    return made;
  };
  const literals = placed('SubmodelElementList', version, false)?.type.byName.get('typeValueListElement')
    ?.value ?? { kind: 'boolean' };
  const types = literals.kind === 'enum' ? [...literals.literals] : [];
  yield* combined('SubmodelElementList', version, {
    typeValueListElement: types,
    valueTypeListElement: ['xs:string'],
    value: elements.map(({ name }) => [bare(name)]),
  });
  const typed = (type: string, valueType: string): Json => ({ ...bare(type), valueType });
  yield* combined('SubmodelElementList', version, {
    typeValueListElement: ['Property', 'Range', 'DataElement', 'SubmodelElement'],
    valueTypeListElement: [undefined, 'xs:string', 'xs:int'],
    value: [
      undefined,
      [],
      [typed('Property', 'xs:int')],
      [typed('Range', 'xs:int')],
      [typed('Property', 'xs:int'), typed('Property', 'xs:string')],
      [bare('File')],
      [property('a1')],
      [property('a1'), property('a1')],
      [property('a1'), property('b1')],
    ],
  });
  const semantics = (...ids: (string | null)[]): Json[] =>
    ids.map((id) => property(null, id === null ? {} : { semanticId: externalReference(id) }));
  yield* combined('SubmodelElementList', version, {
    typeValueListElement: ['Property'],
    valueTypeListElement: ['xs:string'],
    semanticIdListElement: [
      undefined,
      externalReference('a'),
      externalReference('b'),
      { type: 'ModelReference', keys: [{ type: 'Submodel', value: 'a' }] },
    ],
    value: [
      semantics(null),
      semantics('a'),
      semantics('a', 'a'),
      semantics('a', 'b'),
      semantics(null, 'a'),
      semantics('a', null, 'b'),
      [
        property(null, {
          semanticId: {
            type: 'ExternalReference',
            keys: [
              { type: 'GlobalReference', value: 'a' },
              { type: 'FragmentReference', value: 'a' },
            ],
          },
        }),
      ],
    ],
  });
}

function* templates(version: AasVersion): Generator<FaultCase> {
  const qualifier = (kind?: string): Json => ({
    type: 't',
    valueType: 'xs:string',
    ...(kind ? { kind } : {}),
  });
  const kinds = [undefined, 'ValueQualifier', 'ConceptQualifier', 'TemplateQualifier'];
  const qualifiers = [
    undefined,
    [],
    ...kinds.map((kind) => [qualifier(kind)]),
    [qualifier(), qualifier('TemplateQualifier')],
  ];
  const marked = property('a1', { qualifiers: [qualifier('TemplateQualifier')] });
  const unnamed = property(null, { qualifiers: [qualifier('TemplateQualifier')] });
  const list = (...value: Json[]): Json =>
    element('SubmodelElementList', {
      idShort: 'l1',
      typeValueListElement: 'Property',
      valueTypeListElement: 'xs:string',
      ...(value.length ? { value } : {}),
    });
  const operation = (value: Json): Json =>
    element('Operation', { idShort: 'o1', inputVariables: [{ value }] });
  const inside = (value: Json): Json[] => [
    value,
    element('SubmodelElementCollection', { idShort: 'c1', value: [value] }),
    element('Entity', { idShort: 'e1', entityType: 'CoManagedEntity', statements: [value] }),
    operation(value),
  ];
  const elements = [
    ...inside(property('a1')),
    ...inside(marked),
    list(unnamed),
    ...inside(list()),
    ...inside(list(property(null))),
    ...inside(list(property(null), property(null))),
    element('AnnotatedRelationshipElement', {
      idShort: 'r1',
      first: externalReference(),
      second: externalReference(),
      annotations: [marked],
    }),
    element('SubmodelElementCollection', { idShort: 'c1', value: [operation(marked)] }),
  ];
  yield* combined('Submodel', version, {
    kind: [undefined, 'Instance', 'Template'],
    qualifiers,
    submodelElements: [undefined, [], ...elements.map((one) => [one])],
  });
}

function* concepts(version: AasVersion): Generator<FaultCase> {
  const types = [
    undefined,
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
  ];
  const content = (members: Json): Json => ({
    dataSpecification: externalReference(),
    dataSpecificationContent: element('DataSpecificationIec61360', {
      preferredName: languageTexts('en'),
      ...members,
    }),
  });
  const definition = languageTexts('en');
  yield* combined('ConceptDescription', version, {
    category: [
      undefined,
      'PROPERTY',
      'VALUE',
      'REFERENCE',
      'DOCUMENT',
      'QUALIFIER_TYPE',
      'CAPABILITY',
      'property',
    ],
    embeddedDataSpecifications: [
      undefined,
      [],
      ...types.map((dataType) => [content({ definition, unit: 'm', ...(dataType ? { dataType } : {}) })]),
    ],
  });
  const variants = [
    ...combinations({
      definition: [
        undefined,
        [],
        languageTexts('en'),
        languageTexts('de'),
        languageTexts('EN'),
        languageTexts('de', 'en-US'),
        languageTexts('eng'),
        languageTexts('En'),
        languageTexts('en', 'en'),
      ],
      value: [undefined, 'x'],
      valueList: [
        undefined,
        { valueReferencePairs: [{ value: 'a', valueId: externalReference() }] },
        { valueReferencePairs: [] },
      ],
    }),
    ...combinations({
      dataType: types,
      unit: [undefined, 'm'],
      unitId: [undefined, externalReference()],
      definition: [definition],
    }),
    ...combinations({
      preferredName: [
        [],
        languageTexts('en'),
        languageTexts('de'),
        languageTexts('de', 'EN-GB'),
        languageTexts('en', 'en'),
        languageTexts('de', 'de', 'en'),
      ],
      shortName: [undefined, [], languageTexts('de'), languageTexts('de', 'de')],
      definition: [definition],
    }),
  ];
  for (const name of ['ConceptDescription', 'Capability'])
    yield* combined(name, version, {
      embeddedDataSpecifications: variants.map((members) => [content(members)]),
    });
  yield* combined('ConceptDescription', version, {
    embeddedDataSpecifications: [
      [content({ definition }), content({ value: 'x' })],
      [content({ definition }), content({})],
      [content({ value: 'x' }), content({ value: 'x' })],
    ],
  });
}

function* sameNames(version: AasVersion): Generator<FaultCase> {
  const texts = [
    undefined,
    [],
    languageTexts('en'),
    languageTexts('en', 'en'),
    languageTexts('en', 'EN'),
    languageTexts('de', 'en', 'de'),
  ];
  for (const name of ['Submodel', 'Property', 'AssetAdministrationShell', 'ConceptDescription'])
    yield* combined(name, version, { displayName: texts, description: texts });
  yield* combined('MultiLanguageProperty', version, { value: texts });
  const extension = (name: string): Json => ({ name });
  yield* combined('Submodel', version, {
    extensions: [
      undefined,
      [],
      [extension('a')],
      [extension('a'), extension('a')],
      [extension('a'), extension('A')],
    ],
  });
  const qualifier = (type: string, valueType = 'xs:string'): Json => ({ type, valueType });
  yield* combined('Property', version, {
    qualifiers: [
      undefined,
      [],
      [qualifier('a')],
      [qualifier('a'), qualifier('a')],
      [qualifier('a'), qualifier('a', 'xs:int')],
      [qualifier('a'), qualifier('b')],
    ],
  });
}
