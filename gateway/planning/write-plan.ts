/**
 * A finished draft as the nodes of a plan. Entity requests to one subgraph in one step travel together; what does not
 * wait for one another runs side by side.
 */
import type {
  BatchFetchNode,
  EntityBatchAlias,
  FetchNode,
  PlanNode,
  PlanPathSegment,
  PlanRewrite,
} from '../plan-nodes.ts';
import type { FetchGroup } from './fetch-groups.ts';
import { printSelection, type Printed } from './print-request.ts';

export type OperationKind = 'query' | 'mutation' | 'subscription';

/** What the text of an operation has besides its selection. */
export interface OperationHead {
  readonly kind: OperationKind;
  /** `$first: Int = 3` by the variable's name. */
  readonly variables: ReadonlyMap<string, string>;
}

/** The requests that travel together. */
interface Unit {
  readonly groups: readonly FetchGroup[];
  readonly before: Set<Unit>;
}

/** How many requests a plan of these groups makes. */
export function countRequests(groups: readonly FetchGroup[]): number {
  return unitsOf(groups).length;
}

/** `null` when nothing is to be fetched. */
export function writePlan(groups: readonly FetchGroup[], head: OperationHead): PlanNode | null {
  return nodeOf(unitsOf(groups), (unit) => unitNode(unit, head));
}

function unitsOf(groups: readonly FetchGroup[]): Unit[] {
  const byKey = new Map<string, FetchGroup[]>();
  for (const group of groups) {
    const key = `${group.inputs ? group.step : 'root'} ${group.spot.graph}`;
    const together = byKey.get(key);
    if (together) together.push(group);
    else byKey.set(key, [group]);
  }
  const units = [...byKey.values()].map((together): Unit => ({ groups: together, before: new Set() }));
  const unitOf = new Map(units.flatMap((unit) => unit.groups.map((group) => [group, unit] as const)));
  for (const unit of units)
    for (const { before } of unit.groups)
      for (const group of before) {
        const other = unitOf.get(group);
        if (other) unit.before.add(other);
      }
  return units;
}

/** Units that have nothing to do with one another side by side; else those that can start now, then the others. */
function nodeOf(units: readonly Unit[], write: (unit: Unit) => PlanNode): PlanNode | null {
  const parts = componentsOf(units);
  if (parts.length > 1) return inParallel(parts.flatMap((part) => nodeOf(part, write) ?? []));
  const now = units.filter(({ before }) => !units.some((other) => before.has(other)));
  const later = units.filter((unit) => !now.includes(unit));
  const first = inParallel(now.map(write));
  const rest = later.length ? nodeOf(later, write) : null;
  if (!first || !rest) return first;
  return { kind: 'Sequence', nodes: [first, ...(rest.kind === 'Sequence' ? rest.nodes : [rest])] };
}

function inParallel(nodes: readonly PlanNode[]): PlanNode | null {
  const [only] = nodes;
  return nodes.length > 1 ? { kind: 'Parallel', nodes } : (only ?? null);
}

function componentsOf(units: readonly Unit[]): Unit[][] {
  const components: Unit[][] = [];
  for (const unit of units) {
    const touching = components.filter((part) =>
      part.some((other) => other.before.has(unit) || unit.before.has(other)),
    );
    for (const part of touching) components.splice(components.indexOf(part), 1);
    components.push([...touching.flat(), unit]);
  }
  return components;
}

function unitNode({ groups }: Unit, head: OperationHead): PlanNode {
  const [first] = groups as readonly [FetchGroup];
  if (!first.inputs) return { kind: 'Fetch', ...rootFetch(first, head) };
  const lookups = lookupsOf(groups);
  const [only] = lookups as [Lookup, ...Lookup[]];
  const usesName = lookups.some(({ printed }) => printed.variables.has('representations'));
  const isPlain = lookups.length === 1 && only.paths.length === 1 && !usesName;
  return isPlain ? plainLookup(only, first, head) : batchedLookups(lookups, first, head);
}

/** The request of a root's fields. */
export function rootFetch(group: FetchGroup, { kind, variables }: OperationHead): Omit<FetchNode, 'kind'> {
  const printed = printSelection(group.selection);
  const used = [...printed.variables];
  const isShort = kind === 'query' && !used.length;
  const definitions = used.map((name) => variables.get(name) ?? '');
  return {
    serviceName: group.spot.graph,
    operationKind: kind,
    operation: isShort ? printed.text : `${kind}${inBrackets(definitions)}${printed.text}`,
    ...(used.length ? { variableUsages: used } : {}),
    ...(printed.rewrites.length ? { outputRewrites: printed.rewrites } : {}),
  };
}

/** One `_entities` field. Groups that differ in nothing but their place share one. */
interface Lookup extends Pick<EntityBatchAlias, 'requires'> {
  readonly text: string;
  readonly printed: Printed;
  readonly inputRewrites: readonly PlanRewrite[];
  readonly paths: (readonly PlanPathSegment[])[];
}

function lookupsOf(groups: readonly FetchGroup[]): Lookup[] {
  const lookups = new Map<string, Lookup>();
  for (const group of groups) {
    const { inputs, node, spot, selection } = group;
    const printed = printSelection(selection);
    const text = `{... on ${spot.type.name} ${printed.text}}`;
    const requires = [
      {
        kind: 'InlineFragment' as const,
        typeCondition: node.type,
        selections: [{ kind: 'Field' as const, name: '__typename' }, ...(inputs?.toSelections() ?? [])],
      },
    ];
    const inputRewrites = [...(inputs?.toRewrites() ?? []), ...typeNameRewrites(group)];
    const same = JSON.stringify([text, requires, inputRewrites]);
    const known = lookups.get(same);
    if (known) known.paths.push(node.path());
    else lookups.set(same, { text, printed, requires, inputRewrites, paths: [node.path()] });
  }
  return [...lookups.values()];
}

/** A subgraph with an interface object knows objects by the interface's name only. */
function typeNameRewrites({ spot }: FetchGroup): PlanRewrite[] {
  if (!spot.type.isInterfaceObject) return [];
  return [{ ValueSetter: { path: [{ Key: '__typename' }], setValueTo: spot.type.name } }];
}

function plainLookup(lookup: Lookup, { spot }: FetchGroup, { variables }: OperationHead): PlanNode {
  const { printed, text, requires, inputRewrites, paths } = lookup;
  const used = [...printed.variables];
  const definitions = ['$representations: [_Any!]!', ...used.map((name) => variables.get(name) ?? '')];
  const outputRewrites = printed.rewrites.map((rewrite) => below('_entities', rewrite));
  return {
    kind: 'Flatten',
    path: paths[0] ?? [],
    node: {
      kind: 'Fetch',
      serviceName: spot.graph,
      operationKind: 'query',
      operation: `query${inBrackets(definitions)}{_entities(representations: $representations)${text}}`,
      requires,
      ...(used.length ? { variableUsages: used } : {}),
      ...(inputRewrites.length ? { inputRewrites } : {}),
      ...(outputRewrites.length ? { outputRewrites } : {}),
    },
  };
}

function batchedLookups(
  lookups: readonly Lookup[],
  { spot }: FetchGroup,
  { variables }: OperationHead,
): BatchFetchNode {
  const used = [...new Set(lookups.flatMap(({ printed }) => [...printed.variables]))];
  const prefix = freePrefix(used);
  const aliases = lookups.map((lookup, index): EntityBatchAlias => {
    const { requires, inputRewrites, paths, printed } = lookup;
    return {
      alias: `_e${index}`,
      representationsVariableName: `${prefix}${index}`,
      paths,
      requires,
      ...(inputRewrites.length ? { inputRewrites } : {}),
      ...(printed.rewrites.length ? { outputRewrites: printed.rewrites } : {}),
    };
  });
  const names = aliases.map(({ representationsVariableName }) => representationsVariableName);
  const definitions = [
    ...names.map((name) => `$${name}: [_Any!]!`),
    ...used.map((name) => variables.get(name) ?? ''),
  ];
  const fields = lookups.map(
    ({ text }, index) => `_e${index}: _entities(representations: $${names[index]})${text}`,
  );
  return {
    kind: 'BatchFetch',
    serviceName: spot.graph,
    operationKind: 'query',
    operation: `query${inBrackets(definitions)}{${fields.join(' ')}}`,
    ...(used.length ? { variableUsages: used } : {}),
    entityBatch: { aliases },
  };
}

/** What no variable of the client begins with. */
function freePrefix(used: readonly string[]): string {
  let prefix = 'representations';
  while (used.some((name) => name.startsWith(prefix))) prefix = `_${prefix}`;
  return prefix;
}

function inBrackets(definitions: readonly string[]): string {
  return definitions.length ? `(${definitions.join(', ')})` : '';
}

function below(key: string, rewrite: PlanRewrite): PlanRewrite {
  if (!('KeyRenamer' in rewrite)) return rewrite;
  const { path, renameKeyTo } = rewrite.KeyRenamer;
  return { KeyRenamer: { path: [{ Key: key }, ...path], renameKeyTo } };
}
