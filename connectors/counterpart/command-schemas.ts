import { anyText, boolean, closed, dateTime, list, nullable, number, oneOf, text } from './schema.ts';
import type { JsonSchema } from './schema.ts';
import { severities } from '#ontology/recommendation.ts';

/** Schema of one command: its type, the workflow, and its own fields. */
export function commandSchema(type: string, fields: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return closed({ type: { const: type }, workflowId: text(200), ...fields });
}

/** A PartDemand of ontology/maintenance.ts. */
export const partDemand = closed({
  product: text(40),
  description: anyText(200),
  quantity: { type: 'number', exclusiveMinimum: 0 },
  unit: text(20),
});

export const equipment = text(18);
export const orderNumber = text(12);
export const severity = oneOf(...severities);
export const parts = list(partDemand);
export { anyText, boolean, closed, dateTime, nullable, number, text };
