/** Valid models, one with an element of each class, to be spoilt in one place. */

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
export type Mutable = { [name: string]: Json };

export interface Specimen {
  /** The class and where it stands, such as `Enum in schemas`. */
  readonly name: string;
  readonly version: number;
  /** A fresh model each time, and the element of the class inside it. */
  readonly make: (extensions?: readonly string[]) => { document: Mutable; element: Mutable };
}

/** An interface with what is given. */
export function interfaceOf(
  version: number,
  more: Mutable = {},
  extensions: readonly string[] = [],
): Mutable {
  const context = `dtmi:dtdl:context;${version}`;
  return {
    '@context': extensions.length ? [context, ...extensions] : context,
    '@id': 'dtmi:test:Thing;1',
    '@type': 'Interface',
    ...more,
  };
}

const object = (): Mutable => ({ '@type': 'Object', fields: [{ name: 'f', schema: 'double' }] });
const enumeration = (): Mutable => ({
  '@type': 'Enum',
  valueSchema: 'integer',
  enumValues: [{ name: 'one', enumValue: 1 }],
});
const map = (): Mutable => ({
  '@type': 'Map',
  mapKey: { name: 'k', schema: 'string' },
  mapValue: { name: 'v', schema: 'double' },
});
const array = (): Mutable => ({ '@type': 'Array', elementSchema: 'double' });

const contents: Readonly<Record<string, () => Mutable>> = {
  Telemetry: () => ({ '@type': 'Telemetry', name: 't', schema: 'double' }),
  Property: () => ({ '@type': 'Property', name: 'p', schema: 'double', writable: true }),
  Relationship: () => ({
    '@type': 'Relationship',
    name: 'r',
    maxMultiplicity: 3,
    target: 'dtmi:test:Other;1',
  }),
  Component: () => ({
    '@type': 'Component',
    name: 'c',
    schema: { '@id': 'dtmi:test:Part;1', '@type': 'Interface' },
  }),
  Command: () => ({ '@type': 'Command', name: 'd', request: { name: 'q', schema: 'double' } }),
};
const schemas: Readonly<Record<string, () => Mutable>> = {
  Array: array,
  Enum: enumeration,
  Map: map,
  Object: object,
};

const pick = (from: Mutable, ...path: (string | number)[]) =>
  path.reduce<Json>((at, step) => (at as Mutable)[step] as Json, from) as Mutable;

function inContents(
  version: number,
  cls: string,
  make: () => Mutable,
  path: (string | number)[] = [],
): Specimen {
  return {
    name: cls,
    version,
    make: (extensions) => {
      const content = make();
      return {
        document: interfaceOf(version, { contents: [content] }, extensions),
        element: pick(content, ...path),
      };
    },
  };
}

/** One specimen a class and place, for a version of the language. */
export function specimensOf(version: number): readonly Specimen[] {
  const telemetry = (schema: Mutable) => (): Mutable => ({ '@type': 'Telemetry', name: 't', schema });
  const root: Specimen = {
    name: 'Interface',
    version,
    make: (extensions) => {
      const document = interfaceOf(version, { contents: [contents['Property']?.() ?? {}] }, extensions);
      return { document, element: document };
    },
  };
  const shared = (cls: string, make: () => Mutable): Specimen => ({
    name: `${cls} in schemas`,
    version,
    make: (extensions) => {
      const element = { '@id': 'dtmi:test:Shared;1', ...make() };
      return { document: interfaceOf(version, { schemas: [element] }, extensions), element };
    },
  });
  const command = (): Mutable => ({
    '@type': 'Command',
    name: 'd',
    request: { name: 'q', schema: 'double' },
    response: { name: 's', schema: 'double' },
  });
  const related = (): Mutable => ({
    '@type': 'Relationship',
    name: 'r',
    properties: [{ '@type': 'Property', name: 'p', schema: 'double' }],
  });
  const component = contents['Component'] ?? object;
  return [
    root,
    ...Object.entries(contents).map(([cls, make]) => inContents(version, cls, make)),
    ...Object.entries(schemas).map(([cls, make]) => shared(cls, make)),
    ...Object.entries(schemas).map(([cls, make]) =>
      inContents(version, `${cls} in place`, () => telemetry(make())(), ['schema']),
    ),
    inContents(version, 'EnumValue', () => telemetry(enumeration())(), ['schema', 'enumValues', 0]),
    inContents(version, 'Field', () => telemetry(object())(), ['schema', 'fields', 0]),
    inContents(version, 'MapKey', () => telemetry(map())(), ['schema', 'mapKey']),
    inContents(version, 'MapValue', () => telemetry(map())(), ['schema', 'mapValue']),
    inContents(version, 'request', command, ['request']),
    inContents(version, 'response', command, ['response']),
    inContents(version, 'Property of Relationship', related, ['properties', 0]),
    inContents(version, 'Interface in Component', component, ['schema']),
  ];
}
