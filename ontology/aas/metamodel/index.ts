/** The metamodel as tables: what the readers, the rules and the writers go by. */
import { classTexts, type ClassText, type PropertyText } from './classes.ts';
import { enumerationsOf } from './enumerations.ts';
import { stringTypesOf, type StringType } from './strings.ts';
import { aasVersions, type AasVersion } from './version.ts';

export { aasVersions, isSince, namespaces, type AasVersion } from './version.ts';
export type { StringType } from './strings.ts';

/** What values a property takes. */
export type ValueKind =
  | { readonly kind: 'boolean' }
  | { readonly kind: 'bytes' }
  | { readonly kind: 'string'; readonly type: StringType }
  | { readonly kind: 'enum'; readonly name: string; readonly literals: ReadonlySet<string> }
  | { readonly kind: 'class'; readonly type: AasClass };

export interface AasProperty {
  readonly name: string;
  readonly list: boolean;
  readonly required: boolean;
  readonly value: ValueKind;
}

/** A class with everything it inherits. */
export interface AasClass {
  readonly name: string;
  /** Element name in XML. */
  readonly xmlName: string;
  readonly abstract: boolean;
  /** Its own name and those of all classes it inherits from. */
  readonly lineage: ReadonlySet<string>;
  /** In the order of the XML schema. */
  readonly properties: readonly AasProperty[];
  readonly byName: ReadonlyMap<string, AasProperty>;
  /** Instances say in JSON what they are, in `modelType`. */
  readonly hasModelType: boolean;
  /** The class itself and its descendants that have instances, by name and by XML name. */
  readonly concrete: ReadonlyMap<string, AasClass>;
  readonly concreteByXmlName: ReadonlyMap<string, AasClass>;
}

/** One version of the metamodel. */
export interface Metamodel {
  readonly version: AasVersion;
  readonly classes: ReadonlyMap<string, AasClass>;
}

/** Classes whose instances name their type in JSON. @see IDTA-01001, mapping to JSON */
const typed = ['Referable', 'DataSpecificationContent'];

function build(version: AasVersion): Metamodel {
  const texts = classTexts(version);
  const classes = new Map<string, Building>();
  for (const text of texts.values()) classes.set(text.name, emptyClass(text, texts));
  const strings = stringTypesOf(version);
  const enumerations = enumerationsOf(version);
  const valueOf = (type: string): ValueKind => {
    if (type === 'boolean' || type === 'bytes') return { kind: type };
    const string = strings.get(type);
    if (string) return { kind: 'string', type: string };
    const literals = enumerations.get(type);
    if (literals) return { kind: 'enum', name: type, literals };
    const found = classes.get(type);
    if (!found) throw new TypeError(`The metamodel has no type ${type}.`);
    return { kind: 'class', type: found };
  };
  for (const one of classes.values()) {
    for (const { name, list, required, type } of inherited(one.name, texts)) {
      const property = { name, list, required, value: valueOf(type) };
      one.properties.push(property);
      one.byName.set(name, property);
    }
    if (!one.abstract) addTo(classes, one);
  }
  return { version, classes };
}

interface Building extends AasClass {
  readonly properties: AasProperty[];
  readonly byName: Map<string, AasProperty>;
  readonly concrete: Map<string, AasClass>;
  readonly concreteByXmlName: Map<string, AasClass>;
}

function emptyClass(text: ClassText, texts: ReadonlyMap<string, ClassText>): Building {
  const lineage = new Set(lineageOf(text.name, texts));
  return {
    name: text.name,
    xmlName: text.name[0]?.toLowerCase() + text.name.slice(1),
    abstract: text.abstract,
    lineage,
    properties: [],
    byName: new Map(),
    hasModelType: typed.some((name) => lineage.has(name)),
    concrete: new Map(),
    concreteByXmlName: new Map(),
  };
}

function addTo(classes: ReadonlyMap<string, Building>, one: AasClass): void {
  for (const ancestor of one.lineage) {
    classes.get(ancestor)?.concrete.set(one.name, one);
    classes.get(ancestor)?.concreteByXmlName.set(one.xmlName, one);
  }
}

function lineageOf(name: string, texts: ReadonlyMap<string, ClassText>): string[] {
  return [name, ...(texts.get(name)?.parents ?? []).flatMap((parent) => lineageOf(parent, texts))];
}

function inherited(name: string, texts: ReadonlyMap<string, ClassText>): readonly PropertyText[] {
  const text = texts.get(name);
  if (!text) throw new TypeError(`The metamodel has no class ${name}.`);
  return [...text.parents.flatMap((parent) => inherited(parent, texts)), ...text.properties];
}

const metamodels = new Map(aasVersions.map((version) => [version, build(version)]));

/** The metamodel of a version. */
export function metamodelOf(version: AasVersion): Metamodel {
  return metamodels.get(version) as Metamodel;
}

/** A class of a version; it has to exist. */
export function classOf(version: AasVersion, name: string): AasClass {
  const found = metamodelOf(version).classes.get(name);
  if (!found) throw new TypeError(`The metamodel ${version} has no class ${name}.`);
  return found;
}
