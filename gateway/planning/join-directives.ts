import { Kind, type ConstDirectiveNode, type ConstValueNode } from 'graphql';

/** The arguments of one directive of the join specification, by their names. */
export type JoinArguments = Readonly<Record<string, string | boolean | undefined>>;

/**
 * All uses of one join directive at a place.
 * @see https://specs.apollo.dev/join/v0.5/
 */
export function joinsAt(
  node: { readonly directives?: readonly ConstDirectiveNode[] | undefined },
  name: string,
): JoinArguments[] {
  return (node.directives ?? [])
    .filter((directive) => directive.name.value === name)
    .map(({ arguments: given = [] }) =>
      Object.fromEntries(given.map((one) => [one.name.value, plainValue(one.value)])),
    );
}

/** A string, an enum value's name or a Boolean: other arguments do not concern planning. */
function plainValue(value: ConstValueNode): string | boolean | undefined {
  const isPlain = value.kind === Kind.STRING || value.kind === Kind.ENUM || value.kind === Kind.BOOLEAN;
  return isPlain ? value.value : undefined;
}
