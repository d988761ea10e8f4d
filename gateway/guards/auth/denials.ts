import {
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  Kind,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLNamedType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import type { SelectedOperation } from '../../engine/operation.ts';
import type { ProtectedParts } from './read-rules.ts';
import type { Requirement } from './requirements.ts';

/** What one selected field asks for, by the type of the object it is read of. */
export type FieldRequirements = ReadonlyMap<string, readonly Requirement[]>;

/** What an operation asks of its caller. */
export interface OperationRequirements {
  readonly fields: ReadonlyMap<FieldNode, FieldRequirements>;
  /** Of types that may be met below an interface or a union. */
  readonly types: ReadonlyMap<string, readonly Requirement[]>;
}

/** Finds out which requirements an operation's fields have. */
export class RequirementFinder {
  readonly #schema: GraphQLSchema;
  readonly #parts: ProtectedParts;
  readonly #fields = new Map<FieldNode, FieldRequirements>();
  readonly #types = new Map<string, readonly Requirement[]>();

  constructor(schema: GraphQLSchema, parts: ProtectedParts) {
    this.#schema = schema;
    this.#parts = parts;
  }

  /** `null` when it has none. */
  find({ operation, fragments }: SelectedOperation): OperationRequirements | null {
    const root = this.#schema.getRootType(operation.operation);
    if (root) this.#walk(operation.selectionSet, root);
    for (const fragment of fragments.values())
      this.#walk(fragment.selectionSet, this.#composite(fragment.typeCondition.name.value));
    if (!this.#fields.size && !this.#types.size) return null;
    return { fields: this.#fields, types: this.#types };
  }

  #walk(set: SelectionSetNode, parent: GraphQLCompositeType | undefined): void {
    if (!parent) return;
    if (isAbstractType(parent)) this.#notePossibleTypes(parent);
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) this.#field(selection, parent);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value;
        this.#walk(selection.selectionSet, condition === undefined ? parent : this.#composite(condition));
      }
    }
  }

  #field(node: FieldNode, parent: GraphQLCompositeType): void {
    const field = isUnionType(parent) ? undefined : parent.getFields()[node.name.value];
    if (!field) return;
    const output = getNamedType(field.type);
    const types = isAbstractType(parent) ? [...this.#schema.getPossibleTypes(parent), parent] : [parent];
    const asked = types.map((type): [string, readonly Requirement[]] => [
      type.name,
      this.#requirementsOf(parent, type, node.name.value, output),
    ]);
    if (asked.some(([, requirements]) => requirements.length)) this.#fields.set(node, new Map(asked));
    if (node.selectionSet) this.#walk(node.selectionSet, this.#composite(output.name));
  }

  /** What `parent.field` asks where the object is of `type`, which is `parent` or one of its members. */
  #requirementsOf(
    parent: GraphQLCompositeType,
    type: GraphQLCompositeType,
    field: string,
    output: GraphQLNamedType,
  ): readonly Requirement[] {
    const { types, fields } = this.#parts;
    const own = [
      ...(types.get(type.name) ?? []),
      ...(fields.get(`${type.name}.${field}`) ?? []),
      ...this.#outputRequirements(output),
    ];
    if (type === parent || this.#membersSay(parent, field)) return own;
    return [...own, ...(types.get(parent.name) ?? []), ...(fields.get(`${parent.name}.${field}`) ?? [])];
  }

  /**
   * Whether members of an interface have rules for the field themselves. Composition (Federation 2.9 and later) then
   * gives the interface all of them together; asked for each member, those of the others do not matter.
   */
  #membersSay(parent: GraphQLCompositeType, field: string): boolean {
    if (!isAbstractType(parent)) return true;
    const { types, fields } = this.#parts;
    return this.#schema
      .getPossibleTypes(parent)
      .some(({ name }) => types.has(name) || fields.has(`${name}.${field}`));
  }

  /** Of an interface whose members have rules, each object is judged when its type is known. */
  #outputRequirements(output: GraphQLNamedType): readonly Requirement[] {
    const own = this.#parts.types.get(output.name) ?? [];
    if (!isInterfaceType(output)) return own;
    const members = this.#schema.getPossibleTypes(output);
    return members.some(({ name }) => this.#parts.types.has(name)) ? [] : own;
  }

  #notePossibleTypes(parent: GraphQLCompositeType): void {
    if (!isAbstractType(parent)) return;
    for (const { name } of this.#schema.getPossibleTypes(parent)) {
      const requirements = this.#parts.types.get(name);
      if (requirements) this.#types.set(name, requirements);
    }
  }

  #composite(name: string): GraphQLCompositeType | undefined {
    const type = this.#schema.getType(name);
    return isObjectType(type) || isAbstractType(type) ? type : undefined;
  }
}
