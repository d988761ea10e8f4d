import { Kind, type ConstDirectiveNode } from 'graphql';
import { readGraphParts, textArguments } from './graph-parts.ts';

/** What of one type goes to a subgraph that is asked about objects of others. */
export interface SentFields {
  readonly type: string;
  /** Field sets, as the SDL writes them: keys first, then what its fields require. */
  readonly fields: readonly string[];
}

/**
 * What a subgraph gets to know of the graph's objects by being part of it: the keys it is asked by, and what its fields
 * require. Arguments and variables of what it answers itself come on top. Read from the composed graph, whatever names the
 * subgraph's SDL gives its directives.
 */
export function sentFields(supergraphSdl: string, subgraph: string): readonly SentFields[] {
  const { parts, subgraphs } = readGraphParts(supergraphSdl);
  const sent = new Map<string, Set<string>>();
  for (const [coordinate, { directives }] of parts) {
    const [type = ''] = coordinate.split('.');
    for (const directive of directives) {
      const { graph, key, requires } = textArguments(directive);
      if (subgraphs.get(graph ?? '') !== subgraph) continue;
      const fields = directive.name.value === 'join__type' && isAsked(directive) ? key : requires;
      if (fields !== undefined)
        sent.set(type, (sent.get(type) ?? new Set()).add(fields.replace(/\s+/g, ' ').trim()));
    }
  }
  return [...sent].map(([type, fields]) => ({ type, fields: [...fields] }));
}

/** Whether it is asked by this key. */
function isAsked({ arguments: args }: ConstDirectiveNode): boolean {
  const resolvable = args?.find(({ name }) => name.value === 'resolvable')?.value;
  return !(resolvable?.kind === Kind.BOOLEAN && !resolvable.value);
}
