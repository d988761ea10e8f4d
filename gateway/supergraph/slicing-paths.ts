import {
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  parse,
  print,
  valueFromASTUntyped,
  visit,
  type ConstArgumentNode,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type TypeNode,
} from 'graphql';
import { directiveNames } from './links.ts';

/** Paths into input objects that say how long a list gets, by `Type.field`. */
export type SlicingPaths = ReadonlyMap<string, readonly string[]>;

export interface SlicingPathFault {
  readonly subgraph: string;
  readonly message: string;
}

interface Service {
  readonly name: string;
  readonly typeDefs: DocumentNode;
}

const slicing = 'slicingArguments';

/**
 * Takes paths (`slicingArguments: ["input.first"]`) out of `@listSize`: the composer (federation-composition 0.27)
 * knows names of arguments only.
 *
 * @see https://ibm.github.io/graphql-specs/cost-spec.html#sec-slicingArguments
 */
export function takeSlicingPaths<S extends Service>(
  services: readonly S[],
): {
  readonly services: S[];
  readonly paths: SlicingPaths;
  readonly faults: readonly SlicingPathFault[];
} {
  const paths = new Map<string, readonly string[]>();
  const faults: SlicingPathFault[] = [];
  const without = services.map((service) => {
    const typeDefs = changeListSizes(service.typeDefs, (coordinate, field, directive) => {
      const all = slicingOf(directive);
      const own = all.filter((path) => path.includes('.'));
      if (!own.length) return directive;
      for (const path of own.filter((one) => !isInt(one, field, service.typeDefs)))
        faults.push({
          subgraph: service.name,
          message: `"${coordinate}" names ${path} in @listSize(slicingArguments:), which is no Int inside an input object.`,
        });
      paths.set(coordinate, [...new Set([...(paths.get(coordinate) ?? []), ...own])]);
      return withSlicing(
        directive,
        all.filter((path) => !path.includes('.')),
      );
    });
    return { ...service, typeDefs };
  });
  return { services: without, paths, faults };
}

/** Puts the paths back into the composed graph. */
export function putSlicingPaths(supergraphSdl: string, paths: SlicingPaths): string {
  if (!paths.size) return supergraphSdl;
  const put = changeListSizes(parse(supergraphSdl), (coordinate, _, directive) => {
    const own = paths.get(coordinate);
    return own ? withSlicing(directive, [...slicingOf(directive), ...own]) : directive;
  });
  return print(put);
}

/** Exchanges each `@listSize` of a document. */
function changeListSizes(
  document: DocumentNode,
  change: (
    coordinate: string,
    field: FieldDefinitionNode,
    directive: ConstDirectiveNode,
  ) => ConstDirectiveNode,
): DocumentNode {
  const names = directiveNames(document, ['listSize']);
  return visit(document, {
    enter(node) {
      if (!isTypeDefinitionNode(node) && !isTypeExtensionNode(node)) return undefined;
      if (!('fields' in node) || !node.fields) return undefined;
      const fields = (node.fields as readonly FieldDefinitionNode[]).map((field) => ({
        ...field,
        directives: field.directives?.map((directive) =>
          names.has(directive.name.value)
            ? change(`${node.name.value}.${field.name.value}`, field, directive)
            : directive,
        ),
      }));
      return { ...node, fields };
    },
  }) as DocumentNode;
}

function slicingOf({ arguments: args = [] }: ConstDirectiveNode): readonly string[] {
  const given = args.find(({ name }) => name.value === slicing);
  const value: unknown = given && valueFromASTUntyped(given.value);
  return [value].flat().filter((one): one is string => typeof one === 'string');
}

function withSlicing(directive: ConstDirectiveNode, names: readonly string[]): ConstDirectiveNode {
  const others = (directive.arguments ?? []).filter(({ name }) => name.value !== slicing);
  const argument: ConstArgumentNode = {
    kind: Kind.ARGUMENT,
    name: { kind: Kind.NAME, value: slicing },
    value: { kind: Kind.LIST, values: names.map((value) => ({ kind: Kind.STRING, value })) },
  };
  return { ...directive, arguments: names.length ? [...others, argument] : others };
}

/** Whether a path leads to an Int through input objects that the subgraph knows. */
function isInt(path: string, { arguments: args = [] }: FieldDefinitionNode, document: DocumentNode): boolean {
  const [argument, ...fields] = path.split('.');
  let type = args.find(({ name }) => name.value === argument)?.type;
  for (const field of fields) type = type && inputFieldType(namedType(type), field, document);
  return type !== undefined && namedType(type) === 'Int';
}

function inputFieldType(input: string, field: string, { definitions }: DocumentNode): TypeNode | undefined {
  for (const node of definitions) {
    const isInput =
      node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION || node.kind === Kind.INPUT_OBJECT_TYPE_EXTENSION;
    if (!isInput || node.name.value !== input) continue;
    const found = node.fields?.find(({ name }) => name.value === field);
    if (found) return found.type;
  }
  return undefined;
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}
