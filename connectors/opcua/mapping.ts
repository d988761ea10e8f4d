import { Ajv } from 'ajv';
import { readFileSync } from 'node:fs';
import { HubError, messageOf } from '#kernel/errors.ts';
import type { TwinId } from '#ontology/ids.ts';
import type { ValueType } from '#ontology/model.ts';
import { convert } from '#ontology/units.ts';
import { mappingSchema } from './mapping-schema.ts';

/** A signal the hub knows from its twins and models. `unit` is the UCUM code of the model, or `null`. */
export interface KnownSignal {
  readonly twinId: TwinId;
  readonly signal: string;
  readonly valueType: ValueType;
  readonly unit: string | null;
}

/** One line of a mapping file. */
export interface MappingEntry {
  /** `ns=<index>;s=...` or `nsu=<namespace URI>;s=...` (also `i`, `g`, `b`). @see OPC 10000-6, 5.3.1.10 */
  readonly nodeId: string;
  readonly twin: string;
  readonly signal: string;
  /** UCUM code of the node's values, after scale and offset. @default the signal's unit */
  readonly unit?: string;
  /** The node's value times `scale` plus `offset` is in `unit`. @default 1 */
  readonly scale?: number;
  /** @default 0 */
  readonly offset?: number;
  /** Among several nodes of one signal the lowest number is used while it is good. @default 0 */
  readonly priority?: number;
}

/** A mapping file as it stands. */
export interface MappingDocument {
  /** Address of the server, when the settings give none. */
  readonly endpoint?: string;
  readonly nodes: readonly MappingEntry[];
}

/** A node and what becomes of its values. */
export interface Tag {
  readonly nodeId: string;
  readonly unit: string | null;
  readonly scale: number;
  readonly offset: number;
  readonly priority: number;
}

/** A signal with the nodes that carry it, most wanted first. */
export interface SignalRoute {
  readonly signal: KnownSignal;
  readonly tags: readonly Tag[];
}

/** A checked mapping. */
export interface Mapping {
  readonly endpoint: string | null;
  readonly routes: readonly SignalRoute[];
}

interface Fault {
  readonly pointer: string;
  readonly message: string;
}

const validate = new Ajv({ allErrors: true, strict: true }).compile<MappingDocument>(mappingSchema);

/** Reads a mapping file. @throws {HubError} CONFIG_INVALID - with every fault: file, JSON pointer, what is wrong. */
export function readMappingFile(file: string, signals: readonly KnownSignal[]): Mapping {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw invalid(file, [{ pointer: '', message: messageOf(error) }], error);
  }
  return readMapping(document, file, signals);
}

/**
 * Checks a mapping against its schema and against the signals there are.
 * @param where - named in the faults.
 * @throws {HubError} CONFIG_INVALID
 */
export function readMapping(document: unknown, where: string, signals: readonly KnownSignal[]): Mapping {
  if (!validate(document)) {
    const faults = (validate.errors ?? []).map((error) => ({
      pointer: error.instancePath,
      message: `${error.message ?? error.keyword}${error.keyword === 'additionalProperties' ? ` (${String(error.params['additionalProperty'])})` : ''}`,
    }));
    throw invalid(where, faults);
  }
  const known = new Map(signals.map((signal) => [keyOf(signal.twinId, signal.signal), signal]));
  const faults = document.nodes.flatMap((entry, index) => checkEntry(entry, `/nodes/${index}`, known));
  faults.push(...repeated(document.nodes));
  if (faults.length) throw invalid(where, faults);
  return { endpoint: document.endpoint ?? null, routes: toRoutes(document.nodes, known) };
}

function checkEntry(entry: MappingEntry, pointer: string, known: ReadonlyMap<string, KnownSignal>): Fault[] {
  const signal = known.get(keyOf(entry.twin, entry.signal));
  if (!signal) {
    const twinKnown = [...known.values()].filter((candidate) => candidate.twinId === entry.twin);
    if (!twinKnown.length)
      return [
        {
          pointer: `${pointer}/twin`,
          message: `there is no twin ${JSON.stringify(entry.twin)} with signals`,
        },
      ];
    const names = twinKnown.map((candidate) => candidate.signal).join(', ');
    return [
      {
        pointer: `${pointer}/signal`,
        message: `${entry.twin} has no signal ${JSON.stringify(entry.signal)}; it has ${names}`,
      },
    ];
  }
  if (entry.unit === undefined) return [];
  if (signal.unit === null)
    return [
      { pointer: `${pointer}/unit`, message: `${entry.twin}/${entry.signal} has no unit in its model` },
    ];
  try {
    convert(1, entry.unit, signal.unit);
    return [];
  } catch (error) {
    return [{ pointer: `${pointer}/unit`, message: messageOf(error) }];
  }
}

/** The same node twice for a signal, or two nodes of the same priority, leave open which one counts. */
function repeated(nodes: readonly MappingEntry[]): Fault[] {
  const seen = new Map<string, number>();
  return nodes.flatMap((entry, index) => {
    const rules = [
      {
        key: `node ${keyOf(entry.twin, entry.signal)} ${entry.nodeId}`,
        at: 'nodeId',
        what: 'maps the same node to the same signal as',
      },
      {
        key: `priority ${keyOf(entry.twin, entry.signal)} ${entry.priority ?? 0}`,
        at: 'priority',
        what: 'has the same signal and priority as',
      },
    ];
    const faults: Fault[] = [];
    for (const { key, at, what } of rules) {
      const first = seen.get(key);
      if (first !== undefined)
        faults.push({ pointer: `/nodes/${index}/${at}`, message: `${what} /nodes/${first}` });
      else seen.set(key, index);
    }
    return faults.slice(0, 1);
  });
}

function toRoutes(nodes: readonly MappingEntry[], known: ReadonlyMap<string, KnownSignal>): SignalRoute[] {
  const tags = new Map<KnownSignal, Tag[]>();
  for (const entry of nodes) {
    const signal = known.get(keyOf(entry.twin, entry.signal));
    if (!signal) continue;
    const { nodeId, scale = 1, offset = 0, priority = 0, unit = signal.unit } = entry;
    tags.set(signal, [...(tags.get(signal) ?? []), { nodeId, unit, scale, offset, priority }]);
  }
  return [...tags].map(([signal, list]) => ({ signal, tags: list.sort((a, b) => a.priority - b.priority) }));
}

function keyOf(twin: string, signal: string): string {
  return `${twin}/${signal}`;
}

function invalid(where: string, faults: readonly Fault[], cause?: unknown): HubError {
  const lines = faults.map((fault) => `  ${where}#${fault.pointer}: ${fault.message}`);
  return new HubError(
    'CONFIG_INVALID',
    `The OPC UA mapping has ${faults.length} fault(s):\n${lines.join('\n')}`,
    {
      details: { faults: faults.map((fault) => ({ file: where, ...fault })) },
      cause,
    },
  );
}
