/**
 * Behaviours in which @apollo/gateway 2.14 answers some operation otherwise than we do, and why ours is right by the
 * specification: what a client is answered is what graphql-js would answer over one schema with the same resolvers.
 */
export const apolloDiffers: Readonly<Record<string, string>> = {
  'required fields that require others themselves':
    'it fetches `watts` before the `amps` that it requires, so that the resolver computes from nothing',
  'required fields with arguments, in conflict with one another and with what is asked':
    'it asks for one field with one set of arguments only and hands that value to every field that requires it',
  'required fields with enums, lists and input objects as arguments':
    'it hands over the value that the client asked for with arguments of its own',
  'required fields of interfaces and unions, with fragments':
    'it sends required objects of interfaces and unions without `__typename`, which our subgraphs insist on',
  'an interface whose types refer to the interface again':
    'it loses a field two levels below an interface that refers to itself',
  'directives of the schema on fields of an operation, and values of every kind':
    'its public schema has no directives of the subgraphs for operations',
  'aliases that are names of other fields, keys or type names at every level':
    'it merges a required field into the alias of a client with the same name, and fails',
  'skip and include within one another, on fragments, on joins and on everything':
    'it asks for a field without what it requires when the field stands under a condition and its object does not',
  'fields under authentication stay closed to callers nobody knows, the others answer':
    'it opens no supergraph with @authenticated, @requiresScopes or @policy',
  'directives that hide and protect under names of the subgraphs own':
    'it opens no supergraph with @authenticated, @requiresScopes or @policy',
};
