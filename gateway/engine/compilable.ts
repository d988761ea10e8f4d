import {
  getNamedType,
  isInputObjectType,
  Kind,
  typeFromAST,
  visit,
  type DocumentNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type ListValueNode,
  type NamedTypeNode,
  type ObjectValueNode,
} from 'graphql';

/**
 * Whether graphql-jit (0.8.9) compiles a document to what graphql-js does with it. It does not where
 * - a variable is of an input type that contains itself: its parser is written out in full, which never ends;
 * - a variable stands within an object: one that is not given loses the default of its place, or the whole field;
 * - a variable stands within a list: one that is null passes where the list must have none.
 */
export function isCompilable(schema: GraphQLSchema, document: DocumentNode): boolean {
  return !takesRecursiveInput(schema, document) && !hasVariableWithin(document);
}

function takesRecursiveInput(schema: GraphQLSchema, document: DocumentNode): boolean {
  const within = new Set<GraphQLNamedType>();
  const done = new Set<GraphQLNamedType>();
  const recurs = (type: GraphQLNamedType | undefined): boolean => {
    if (!isInputObjectType(type) || done.has(type)) return false;
    if (within.has(type)) return true;
    within.add(type);
    const found = Object.values(type.getFields()).some((field) => recurs(getNamedType(field.type)));
    within.delete(type);
    done.add(type);
    return found;
  };
  return document.definitions.some(
    (node) =>
      node.kind === Kind.OPERATION_DEFINITION &&
      node.variableDefinitions?.some(({ type }) => {
        const named = typeFromAST(schema, type as NamedTypeNode);
        return recurs(named && getNamedType(named));
      }),
  );
}

function hasVariableWithin(document: DocumentNode): boolean {
  let found = false;
  const look = (node: ObjectValueNode | ListValueNode) =>
    void visit(node, { Variable: () => void (found = true) });
  visit(document, { ObjectValue: look, ListValue: look });
  return found;
}
