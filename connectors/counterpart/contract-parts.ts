import type { MessageContract } from './contracts.ts';
import { open, reply } from './schema.ts';
import type { JsonSchema } from './schema.ts';

type Entry = readonly [type: string, contract: MessageContract];

/** Makers of the three forms a message with another system has: request, its reply, thin event. */
export function contractsOf(system: string) {
  return {
    /** What the hub asks. */
    request: (object: string, action: string, description: string, schema: JsonSchema): Entry => [
      `${system}.${object}.${action}`,
      { direction: 'OUT', routingKey: `ext.${system}.${object}.${action}`, description, schema },
    ],
    /** What it is answered; correlationId is the request's id. */
    answer: (object: string, action: string, result: JsonSchema): Entry => [
      `${system}.${object}.${action}.Reply`,
      {
        direction: 'IN',
        routingKey: `ext.${system}.${object}.${action}.Reply`,
        description: `Answer to ${system}.${object}.${action}; correlationId is the request's id.`,
        schema: reply(result),
      },
    ],
    /** What happened, with the key alone. `type` is the system's own name of the event. */
    event: (
      type: string,
      routing: string,
      description: string,
      key: Readonly<Record<string, JsonSchema>>,
    ): Entry => [
      type,
      { direction: 'IN', routingKey: `ext.${system}.${routing}`, description, schema: open(key) },
    ],
  };
}
