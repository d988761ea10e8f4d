/** Turns schemas of an interface into checks of values, each schema once. */
import { isObject, type Check } from './check.ts';
import { geospatialChecks } from './geospatial.ts';
import { JsonNumber, shown } from './lexical.ts';
import { primitiveChecks } from './primitives.ts';
import { literal, typesOf, type InterfaceSource, type SourceElement } from './source.ts';

const anything: Check = () => {};

/** Compiles the schemas of one interface; a schema that contains itself (DTDL 4) is fine. */
export class SchemaCompiler {
  readonly #source: InterfaceSource;
  readonly #checks = new Map<SourceElement, Check>();

  constructor(source: InterfaceSource) {
    this.#source = source;
  }

  /** The check of the values of a property, field or other element with a schema. */
  ofElement(element: SourceElement, member = 'schema'): Check {
    const schema = this.#source.schema(element, member);
    if (schema === null) return anything;
    return typeof schema === 'string' ? ofTerm(schema) : this.#ofSchema(schema);
  }

  #ofSchema(schema: SourceElement): Check {
    const made = this.#checks.get(schema);
    if (made) return made;
    // Set before its parts are compiled, for they may lead back here.
    let check: Check = anything;
    this.#checks.set(schema, (value, walk) => check(value, walk));
    check = this.#compile(schema);
    this.#checks.set(schema, check);
    return check;
  }

  #compile(schema: SourceElement): Check {
    for (const type of typesOf(schema)) {
      if (type === 'Array') return arrayCheck(this.ofElement(schema, 'elementSchema'));
      if (type === 'Enum') return this.#enumCheck(schema);
      if (type === 'Map') return this.#mapCheck(schema);
      if (type === 'Object') return this.#objectCheck(schema);
    }
    // A geospatial or other standard schema of an extension.
    return anything;
  }

  #enumCheck(schema: SourceElement): Check {
    const allowed = this.#source.elements(schema, 'enumValues').map((value) => literal(value, 'enumValue'));
    const kind = this.ofElement(schema, 'valueSchema');
    return (value, walk) => {
      const before = walk.found.length;
      kind(value, walk);
      if (walk.found.length === before && !allowed.includes(value))
        walk.report('notInEnumeration', `It has to be one of ${allowed.join(', ')}, not ${shown(value)}.`);
    };
  }

  #mapCheck(schema: SourceElement): Check {
    const [mapValue] = this.#source.elements(schema, 'mapValue');
    const inner = mapValue ? this.ofElement(mapValue) : anything;
    return (value, walk) => {
      if (!isObject(value) || value instanceof JsonNumber)
        return walk.report('wrongType', `It has to be an object (a map), not ${shown(value)}.`);
      for (const [key, item] of Object.entries(value)) walk.into(key, inner, item);
    };
  }

  #objectCheck(schema: SourceElement): Check {
    const fields = new Map(
      this.#source
        .elements(schema, 'fields')
        .map((field) => [String(literal(field, 'name')), this.ofElement(field)] as const),
    );
    return objectCheck(fields);
  }
}

const unknownField: Check = (_, walk) => walk.report('unknownField', 'The schema has no field of this name.');

function objectCheck(fields: ReadonlyMap<string, Check>): Check {
  return (value, walk) => {
    if (!isObject(value) || value instanceof JsonNumber)
      return walk.report('wrongType', `It has to be an object, not ${shown(value)}.`);
    for (const [name, inner] of Object.entries(value))
      walk.into(name, fields.get(name) ?? unknownField, inner);
  };
}

function arrayCheck(element: Check): Check {
  return (value, walk) => {
    if (!Array.isArray(value)) return walk.report('wrongType', `It has to be a list, not ${shown(value)}.`);
    for (const [i, item] of value.entries()) walk.into(String(i), element, item);
  };
}

/** `scaledDecimal`: both fields belong together. @see DTDL 4, Scaled Decimal Schema */
const scaledDecimal = objectCheck(
  new Map(
    ['scale:short', 'value:decimal'].map((field) => {
      const [name = '', schema = ''] = field.split(':');
      return [name, primitiveChecks.get(schema) ?? anything] as const;
    }),
  ),
);

function ofTerm(term: string): Check {
  if (term === 'scaledDecimal') return scaledDecimal;
  return primitiveChecks.get(term) ?? geospatialChecks.get(term) ?? anything;
}
