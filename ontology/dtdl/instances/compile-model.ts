/** What a DTDL interface says about values of its twins and relationships, compiled once for each model. */
import type { Model } from '../../model.ts';
import type { Check } from './check.ts';
import { SchemaCompiler } from './compile-schema.ts';
import { InterfaceSource, literal, typesOf, type SourceElement } from './source.ts';

/** The checks of one model; schemas are compiled when they are first asked for. */
export class CompiledModel {
  readonly #compiler: SchemaCompiler;
  readonly #source: InterfaceSource;
  readonly #properties: ReadonlyMap<string, SourceElement>;
  #relationships: ReadonlyMap<string, SourceElement> | null = null;
  readonly #made = new Map<SourceElement, Check>();

  constructor(model: Model) {
    this.#source = new InterfaceSource(model.source);
    this.#compiler = new SchemaCompiler(this.#source);
    this.#properties = byName(this.#source.contents(), 'Property');
  }

  /** The check of a property that the model itself declares; `null` when its source tells none. */
  property(name: string): Check | null {
    const element = this.#properties.get(name);
    return element ? this.#check(element) : null;
  }

  /** The checks of the properties of a relationship that the model itself declares. */
  relationshipProperties(name: string): ReadonlyMap<string, Check> {
    this.#relationships ??= byName(this.#source.contents(), 'Relationship');
    const relationship = this.#relationships.get(name);
    const properties = relationship ? this.#source.elements(relationship, 'properties') : [];
    return new Map(properties.map((property) => [String(literal(property, 'name')), this.#check(property)]));
  }

  #check(element: SourceElement): Check {
    const made = this.#made.get(element) ?? this.#compiler.ofElement(element);
    this.#made.set(element, made);
    return made;
  }
}

function byName(contents: readonly SourceElement[], type: string): ReadonlyMap<string, SourceElement> {
  return new Map(
    contents
      .filter((content) => typesOf(content).includes(type))
      .map((content) => [String(literal(content, 'name')), content]),
  );
}

const compiled = new WeakMap<Model, CompiledModel>();

/** The checks of a model, made at the first call; `null` for models of other standards. */
export function compileModel(model: Model): CompiledModel | null {
  if (model.standard !== 'DTDL') return null;
  const made = compiled.get(model) ?? new CompiledModel(model);
  compiled.set(model, made);
  return made;
}
