import { Ajv } from 'ajv';
import formatsModule from 'ajv-formats';
import { HubError } from '#kernel/errors.ts';
import type { JsonSchema } from './schema.ts';

/** One message type's contract. `OUT` from the hub to the system, `IN` from the system to the hub. */
export interface MessageContract {
  readonly direction: 'OUT' | 'IN';
  readonly description: string;
  /** Routing key on `hub.cmd` (OUT) or `hub.evt` (IN). */
  readonly routingKey: string;
  readonly schema: JsonSchema;
}

/** Contracts by message type. */
export type MessageContracts = Readonly<Record<string, MessageContract>>;

/** Checks bodies against the schema of their type. */
export interface ContractChecker {
  /** @throws {HubError} MESSAGE_INVALID - unknown type, or the body breaks the schema; names each place. */
  assert(type: string, body: unknown): void;
}

/** Compiles schemas once. */
export function createContractChecker(schemas: Readonly<Record<string, JsonSchema>>): ContractChecker {
  const ajv = new Ajv({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true });
  formatsModule.default(ajv, ['date-time', 'date']);
  const validators = new Map(Object.entries(schemas).map(([type, schema]) => [type, ajv.compile(schema)]));
  return {
    assert: (type, body) => {
      const validate = validators.get(type);
      if (!validate)
        throw new HubError('MESSAGE_INVALID', `There is no contract for messages of type ${type}.`, {
          details: { type },
        });
      if (validate(body)) return;
      const faults = (validate.errors ?? [])
        .slice(0, 10)
        .map((fault) => `body${fault.instancePath} ${fault.message}`);
      throw new HubError('MESSAGE_INVALID', `${type} breaks its contract: ${faults.join('; ')}`, {
        details: { type, faults },
      });
    },
  };
}

/** The schemas of contracts, by message type. */
export function schemasOf(contracts: MessageContracts): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(contracts).map(([type, { schema }]) => [type, schema]));
}
