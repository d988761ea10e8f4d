import { toPlain } from '../json-text.ts';
import { parseModelId, type ModelId } from '../ids.ts';
import type { Model, ModelContent, ValueType } from '../model.ts';
import type { Child, DtdlElement } from './element.ts';
import { onlyChild } from './element.ts';
import { follow, type Collection } from './collect.ts';
import { numericSchemas } from './metamodel.ts';
import { isIntegerSchema } from './schema-rules.ts';

/** The longest name a signal's id carries. */
const maxSignalName = 128;

/** An interface as canonical model. What the hub has no use for (commands) is reported and stays in `source`. */
export function toModel(element: DtdlElement, collection: Collection): Model {
  const id = parseModelId(element.id ?? '');
  return {
    id,
    standard: 'DTDL',
    standardVersion: String(element.context.version),
    displayName: element.displayName,
    description: element.description,
    extends: (element.children.get('extends') ?? []).flatMap((child) => idOf(child) ?? []),
    contents: (element.children.get('contents') ?? []).flatMap((child) => {
      const content = follow(child, collection);
      return content ? (toContent(content, id, child.pointer, collection) ?? []) : [];
    }),
    source: toPlain(element.node),
  };
}

function idOf(child: Child | undefined): ModelId | null {
  const id = child?.kind === 'element' ? child.element.id : child?.kind === 'reference' ? child.id : null;
  return id ? parseModelId(id) : null;
}

function toContent(
  element: DtdlElement,
  declaredBy: ModelId,
  pointer: string,
  collection: Collection,
): ModelContent | null {
  const base = {
    name: element.name ?? '',
    displayName: element.displayName,
    description: element.description,
    declaredBy,
  };
  const { unit, semanticType: quantity, range, samplingPeriodMs } = element.quantities;
  switch (element.cls) {
    case 'Property':
      return {
        ...base,
        kind: 'property',
        ...valueOf(element, collection),
        unit,
        quantity,
        writable: element.values.get('writable') === true,
      };
    case 'Telemetry': {
      if (base.name.length > maxSignalName)
        collection
          .sinkOf(element)
          .error(
            'hub:signalNameTooLong',
            pointer,
            `A signal's name has at most ${maxSignalName} characters.`,
          );
      return {
        ...base,
        kind: 'signal',
        valueType: valueOf(element, collection).valueType,
        unit,
        quantity,
        range,
        samplingPeriodMs,
      };
    }
    case 'Relationship':
      return {
        ...base,
        kind: 'relationship',
        target: element.values.has('target') ? parseModelId(String(element.values.get('target'))) : null,
        maxMultiplicity: (element.values.get('maxMultiplicity') as number | undefined) ?? null,
      };
    case 'Component': {
      const schema = idOf(onlyChild(element, 'schema'));
      return schema ? { ...base, kind: 'component', schema } : null;
    }
    default:
      collection
        .sinkOf(element)
        .warn(
          'hub:commandNotUsed',
          pointer,
          `The command ${base.name} is kept in the source; the hub does not call it.`,
        );
      return null;
  }
}

const otherTypes: Readonly<Record<string, ValueType>> = {
  boolean: 'boolean',
  dateTime: 'dateTime',
  duration: 'duration',
};
const textSchemas = ['string', 'date', 'time', 'uuid', 'bytes'];

function valueOf(
  element: DtdlElement,
  collection: Collection,
): { valueType: ValueType; enumValues: readonly (string | number)[] | null } {
  const child = onlyChild(element, 'schema');
  if (child?.kind === 'standard') return { valueType: ofStandard(child.term), enumValues: null };
  const schema = follow(child, collection);
  if (schema?.cls === 'Enum') {
    const values = (schema.children.get('enumValues') ?? []).flatMap(
      (value) => (follow(value, collection)?.values.get('enumValue') as string | number | undefined) ?? [],
    );
    return {
      valueType:
        onlyChild(schema, 'valueSchema')?.kind === 'standard' && typeof values[0] === 'number'
          ? 'integer'
          : 'string',
      enumValues: values,
    };
  }
  const item = schema?.cls === 'Array' ? onlyChild(schema, 'elementSchema') : undefined;
  return {
    valueType: item?.kind === 'standard' && numericSchemas.includes(item.term) ? 'number[]' : 'object',
    enumValues: null,
  };
}

function ofStandard(term: string): ValueType {
  if (isIntegerSchema(term)) return 'integer';
  if (numericSchemas.includes(term)) return 'number';
  if (textSchemas.includes(term)) return 'string';
  return otherTypes[term] ?? 'object';
}
