import { isObjectType, type GraphQLField, type GraphQLSchema } from 'graphql';
import type { Tracing } from './tracing.ts';

type AnyField = GraphQLField<unknown, unknown>;

/**
 * Gives the resolvers of a subgraph in this process spans, for requests that ask for them. Fields without a resolver of
 * their own only read a property and have none.
 */
export function traceResolvers(schema: GraphQLSchema, tracing: Tracing): void {
  if (tracing.config.resolvers === 'off') return;
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields()))
      if (field.resolve) traceField(`${type.name}.${field.name}`, field, field.resolve, tracing);
  }
}

function traceField(
  coordinate: string,
  field: AnyField,
  resolve: NonNullable<AnyField['resolve']>,
  tracing: Tracing,
): void {
  const options = { attributes: { 'graphql.field.coordinate': coordinate } };
  field.resolve = (source, args, context, info) => {
    if (!tracing.tracesResolvers()) return resolve(source, args, context, info);
    return tracing.part(`resolve ${coordinate}`, options, async () => resolve(source, args, context, info));
  };
}
