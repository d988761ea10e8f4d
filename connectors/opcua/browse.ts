import {
  AttributeIds,
  BrowseDirection,
  DataType,
  NodeClass,
  type BrowseResult,
  type ClientSession,
  type NodeId,
  type ReferenceDescription,
} from 'node-opcua';
import { ucumOfUnece, uneceOfUnitId } from '#ontology/units/unece.ts';

/** A variable found on a server. */
export interface BrowsedVariable {
  /** `nsu=URI;...`, which keeps its meaning when the server orders its namespaces anew. */
  readonly nodeId: string;
  /** Browse names from below the Objects folder down to the variable itself. */
  readonly path: readonly string[];
  /** Name of the data type, e.g. `Double`; `null` for one that is not built in. */
  readonly dataType: string | null;
  readonly isArray: boolean;
  /** UCUM code of its engineering units, `null` when it has none or one not known. */
  readonly unit: string | null;
  /** The unit as the server shows it. */
  readonly unitText: string | null;
}

/** Guards against servers that are huge or have circles. */
export interface BrowseLimits {
  readonly maxVariables: number;
  readonly maxDepth: number;
}

interface Found {
  readonly nodeId: NodeId;
  readonly path: readonly string[];
}

const hierarchical = 'i=33';
const browseAtOnce = 50;
const readAtOnce = 200;

/**
 * All variables below Objects besides the server's own, breadth first; properties are left out.
 * @see OPC 10000-4, View Service Set
 */
export async function browseVariables(
  session: ClientSession,
  limits: BrowseLimits = { maxVariables: 20_000, maxDepth: 20 },
): Promise<{ variables: readonly BrowsedVariable[]; truncated: boolean }> {
  const namespaces = await session.readNamespaceArray();
  const seen = new Set<string>();
  const variables: Found[] = [];
  let level: Found[] = [{ nodeId: (await import('node-opcua')).resolveNodeId('ObjectsFolder'), path: [] }];
  for (let depth = 0; level.length && depth < limits.maxDepth; depth += 1) {
    const next: Found[] = [];
    for (const [parent, reference] of await childrenOf(session, level)) {
      const { nodeId } = reference;
      if (nodeId.namespace === 0 || seen.has(nodeId.toString())) continue;
      seen.add(nodeId.toString());
      const found = { nodeId, path: [...parent.path, reference.browseName.name ?? ''] };
      next.push(found);
      if (reference.nodeClass === NodeClass.Variable) variables.push(found);
    }
    level = next;
    if (variables.length > limits.maxVariables) break;
  }
  const kept = variables.slice(0, limits.maxVariables);
  return { variables: await describe(session, kept, namespaces), truncated: variables.length > kept.length };
}

async function childrenOf(
  session: ClientSession,
  parents: readonly Found[],
): Promise<[Found, ReferenceDescription][]> {
  const children: [Found, ReferenceDescription][] = [];
  for (let from = 0; from < parents.length; from += browseAtOnce) {
    const part = parents.slice(from, from + browseAtOnce);
    const results = await session.browse(
      part.map(({ nodeId }) => ({
        nodeId,
        referenceTypeId: hierarchical,
        includeSubtypes: true,
        browseDirection: BrowseDirection.Forward,
        nodeClassMask: NodeClass.Object | NodeClass.Variable,
        resultMask: 63,
      })),
    );
    for (const [index, result] of results.entries()) {
      const parent = part[index];
      if (parent)
        for (const reference of await allReferences(session, result)) children.push([parent, reference]);
    }
  }
  // A property describes the variable it belongs to and is no signal of its own.
  return children.filter(([, reference]) => reference.referenceTypeId.toString() !== 'ns=0;i=46');
}

async function allReferences(session: ClientSession, first: BrowseResult): Promise<ReferenceDescription[]> {
  const references = [...(first.references ?? [])];
  let continuation = first.continuationPoint;
  while (continuation?.length) {
    const more = await session.browseNext(continuation, false);
    references.push(...(more.references ?? []));
    continuation = more.continuationPoint;
  }
  return references;
}

async function describe(
  session: ClientSession,
  found: readonly Found[],
  namespaces: readonly string[],
): Promise<BrowsedVariable[]> {
  const units = await engineeringUnits(session, found);
  const described: BrowsedVariable[] = [];
  for (let from = 0; from < found.length; from += readAtOnce) {
    const part = found.slice(from, from + readAtOnce);
    const attributes = [AttributeIds.DataType, AttributeIds.ValueRank];
    const values = await session.read(
      part.flatMap(({ nodeId }) => attributes.map((attributeId) => ({ nodeId, attributeId }))),
    );
    for (const [index, { nodeId, path }] of part.entries()) {
      const dataType: unknown = values[2 * index]?.value.value;
      const unit = units.get(nodeId.toString());
      described.push({
        nodeId: portableNodeId(nodeId, namespaces),
        path,
        dataType: builtInName(dataType as NodeId | null),
        isArray: Number(values[2 * index + 1]?.value.value) >= 0,
        unit: unit ? ucumOfUnece(uneceOfUnitId(unit.unitId)) : null,
        unitText: unit?.displayName?.text ?? null,
      });
    }
  }
  return described;
}

interface Units {
  readonly unitId: number;
  readonly displayName?: { readonly text?: string | null } | null;
}

/** Reads the EngineeringUnits property where there is one. @see OPC 10000-8, AnalogUnitType */
async function engineeringUnits(
  session: ClientSession,
  found: readonly Found[],
): Promise<Map<string, Units>> {
  const units = new Map<string, Units>();
  for (let from = 0; from < found.length; from += readAtOnce) {
    const part = found.slice(from, from + readAtOnce);
    const targets = await session.translateBrowsePath(
      part.map(({ nodeId }) => ({
        startingNode: nodeId,
        relativePath: {
          elements: [
            {
              referenceTypeId: 'i=46',
              isInverse: false,
              includeSubtypes: true,
              targetName: { namespaceIndex: 0, name: 'EngineeringUnits' },
            },
          ],
        },
      })),
    );
    const properties = part.flatMap(({ nodeId }, index) => {
      const target = targets[index]?.targets?.[0]?.targetId;
      return target ? [{ owner: nodeId.toString(), nodeId: target }] : [];
    });
    const values = await session.read(
      properties.map(({ nodeId }) => ({ nodeId, attributeId: AttributeIds.Value })),
    );
    for (const [index, { owner }] of properties.entries()) {
      const value: unknown = values[index]?.value.value;
      if (value && typeof value === 'object' && 'unitId' in value) units.set(owner, value as Units);
    }
  }
  return units;
}

function builtInName(dataType: NodeId | null): string | null {
  if (!dataType || dataType.namespace !== 0 || typeof dataType.value !== 'number') return null;
  return DataType[dataType.value] ?? null;
}

function portableNodeId(nodeId: NodeId, namespaces: readonly string[]): string {
  const text = nodeId.toString().replace(/^ns=\d+;/, '');
  const uri = namespaces[nodeId.namespace];
  return uri === undefined
    ? nodeId.toString()
    : `nsu=${uri.replaceAll('%', '%25').replaceAll(';', '%3B')};${text}`;
}
