import { Kind, valueFromASTUntyped, type ConstDirectiveNode, type DocumentNode } from 'graphql';
import { directiveNames } from '../../supergraph/links.ts';

/** How long a list gets. @see https://ibm.github.io/graphql-specs/cost-spec.html#sec-The-List-Size-Directive */
export interface ListSizeRule {
  readonly assumedSize: number | null;
  /** Names of arguments, or paths into input objects: `input.first`. */
  readonly slicingArguments: readonly string[];
  /** Fields of the answered object whose lists are meant, instead of the field itself. */
  readonly sizedFields: readonly string[];
}

/** What a supergraph says about the cost of its fields. */
export interface CostDirectives {
  /** Weights by `Type`, `Type.field` or `Type.field(argument)`. */
  readonly weights: ReadonlyMap<string, number>;
  /** By `Type.field`. */
  readonly listSizes: ReadonlyMap<string, ListSizeRule>;
}

/** Reads `@cost` and `@listSize` of a supergraph. @see https://specs.apollo.dev/cost/v0.1 */
export function readCostDirectives(supergraph: DocumentNode): CostDirectives {
  const names = directiveNames(supergraph, ['cost', 'listSize']);
  const weights = new Map<string, number>();
  const listSizes = new Map<string, ListSizeRule>();
  const take = (coordinate: string, directives: readonly ConstDirectiveNode[] | undefined) => {
    for (const directive of directives ?? []) {
      const spec = names.get(directive.name.value);
      const args = argumentsOf(directive);
      if (spec === 'cost') weights.set(coordinate, weightOf(args['weight']));
      if (spec === 'listSize') listSizes.set(coordinate, listSizeOf(args));
    }
  };
  for (const definition of supergraph.definitions) {
    if (!('name' in definition) || !definition.name) continue;
    const type = definition.name.value;
    if ('directives' in definition && !('operation' in definition))
      take(type, definition.directives as readonly ConstDirectiveNode[] | undefined);
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION)
      continue;
    for (const field of definition.fields ?? []) {
      const coordinate = `${type}.${field.name.value}`;
      take(coordinate, field.directives);
      for (const argument of field.arguments ?? [])
        take(`${coordinate}(${argument.name.value})`, argument.directives);
    }
  }
  return { weights, listSizes };
}

function argumentsOf(directive: ConstDirectiveNode): Record<string, unknown> {
  return Object.fromEntries(
    (directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  );
}

/** Apollo's directive has an integer, IBM's a text with a number. */
function weightOf(weight: unknown): number {
  const value = Number(weight);
  return Number.isFinite(value) ? value : 1;
}

function listSizeOf(args: Readonly<Record<string, unknown>>): ListSizeRule {
  const { assumedSize, slicingArguments, sizedFields } = args;
  return {
    assumedSize: typeof assumedSize === 'number' ? assumedSize : null,
    slicingArguments: textsOf(slicingArguments),
    sizedFields: textsOf(sizedFields),
  };
}

function textsOf(value: unknown): readonly string[] {
  return [value].flat().filter((item): item is string => typeof item === 'string');
}
