/** Interfaces as canonical models. */
import { toPlain } from '../json-text.ts';
import { parseModelId } from '../ids.ts';
import type { Model, ModelContent, ValueType } from '../model.ts';
import { childrenOf, nameOf, onlyChild, type DtdlElement } from './element.ts';
import { heldBy, lookUp, type Graph } from './graph.ts';
import { isA } from './metamodel/classes.ts';
import { quantitiesOf } from './quantities.ts';

/** The longest name a signal's id carries. */
const maxSignalName = 128;

/** An interface as canonical model. What the hub has no use for (commands) is reported and stays in `source`. */
export function toModel(element: DtdlElement, graph: Graph): Model {
  return {
    id: parseModelId(element.id),
    standard: 'DTDL',
    standardVersion: String(element.context.version),
    displayName: element.texts?.get('displayName') ?? {},
    description: element.texts?.get('description') ?? {},
    extends: childrenOf(element, 'extends').map(({ id }) => parseModelId(id)),
    contents: childrenOf(element, 'contents').flatMap(({ id, pointer }) => {
      const content = graph.registry.elements.get(id);
      return content ? (toContent(content, element, pointer, graph) ?? []) : [];
    }),
    source: toPlain(element.node),
  };
}

function toContent(
  element: DtdlElement,
  owner: DtdlElement,
  pointer: string,
  graph: Graph,
): ModelContent | null {
  const base = {
    name: nameOf(element) ?? '',
    displayName: element.texts?.get('displayName') ?? {},
    description: element.texts?.get('description') ?? {},
    declaredBy: parseModelId(owner.id),
  };
  const { sink } = graph.reportOf(element);
  const { unit, semanticType: quantity, range, samplingPeriodMs } = quantitiesOf(element);
  switch (element.cls) {
    case 'Property': {
      const writable = element.values.get('writable') === true;
      return { ...base, kind: 'property', ...valueOf(element, graph), unit, quantity, writable };
    }
    case 'Telemetry': {
      if (base.name.length > maxSignalName) {
        sink.warn(
          'hub:signalNameTooLong',
          pointer,
          `The hub takes signals with names of up to ${maxSignalName} characters; this one stays in the source only.`,
        );
        return null;
      }
      const { valueType } = valueOf(element, graph);
      return { ...base, kind: 'signal', valueType, unit, quantity, range, samplingPeriodMs };
    }
    case 'Relationship': {
      const target = element.values.get('target');
      return {
        ...base,
        kind: 'relationship',
        target: typeof target === 'string' ? parseModelId(target) : null,
        maxMultiplicity: (element.values.get('maxMultiplicity') as number | undefined) ?? null,
      };
    }
    case 'Component': {
      const schema = onlyChild(element, 'schema');
      return schema ? { ...base, kind: 'component', schema: parseModelId(schema.id) } : null;
    }
    default:
      sink.warn(
        'hub:commandNotUsed',
        pointer,
        `The command ${base.name} is kept in the source; the hub does not call it.`,
      );
      return null;
  }
}

const primitives: Readonly<Record<string, ValueType>> = {
  Boolean: 'boolean',
  DateTime: 'dateTime',
  Duration: 'duration',
  String: 'string',
  Date: 'string',
  Time: 'string',
  Uuid: 'string',
  Bytes: 'string',
  Double: 'number',
  Float: 'number',
  Decimal: 'number',
};

function typeOfClass(cls: string): ValueType {
  return primitives[cls] ?? (isA(cls, 'NumericSchema') ? 'integer' : 'object');
}

function valueOf(
  element: DtdlElement,
  graph: Graph,
): { valueType: ValueType; enumValues: readonly (string | number)[] | null } {
  const schema = onlyChild(element, 'schema');
  const cls = schema ? (lookUp(schema.id, graph)?.cls ?? '') : '';
  if (schema && cls === 'Enum') return enumOf(schema.id, graph);
  if (schema && cls === 'Array') {
    const [item = ''] = heldBy(schema.id, 'elementSchema', graph);
    const isNumeric = isA(lookUp(item, graph)?.cls ?? 'Entity', 'NumericSchema');
    return { valueType: isNumeric ? 'number[]' : 'object', enumValues: null };
  }
  return { valueType: typeOfClass(cls), enumValues: null };
}

function enumOf(
  id: string,
  graph: Graph,
): { valueType: ValueType; enumValues: readonly (string | number)[] } {
  const enumValues = heldBy(id, 'enumValues', graph).flatMap((value) => {
    const found = graph.registry.elements.get(value)?.values.get('enumValue');
    return typeof found === 'string' || typeof found === 'number' ? [found] : [];
  });
  const [schema = ''] = heldBy(id, 'valueSchema', graph);
  const isInteger = lookUp(schema, graph)?.cls === 'Integer';
  return { valueType: isInteger ? 'integer' : 'string', enumValues };
}
