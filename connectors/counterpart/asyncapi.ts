import type { MessageContract, MessageContracts } from './contracts.ts';
import type { JsonSchema } from './schema.ts';

/** One system with what is exchanged with it. */
export interface SystemContracts {
  readonly system: string;
  readonly title: string;
  readonly contracts: MessageContracts;
}

const headers: JsonSchema = {
  type: 'object',
  required: [
    'cloudEvents_id',
    'cloudEvents_type',
    'cloudEvents_source',
    'cloudEvents_time',
    'cloudEvents_subject',
    'cloudEvents_tenant',
  ],
  properties: {
    cloudEvents_specversion: { const: '1.0' },
    cloudEvents_id: {
      type: 'string',
      maxLength: 255,
      description: 'The same cause gives the same id: receivers drop repeats.',
    },
    cloudEvents_type: { type: 'string' },
    cloudEvents_source: { type: 'string' },
    cloudEvents_time: { type: 'string', format: 'date-time' },
    cloudEvents_subject: {
      type: 'string',
      description: 'What it is about: a workflow, or the object’s number.',
    },
    cloudEvents_tenant: { type: 'string' },
    cloudEvents_correlationid: { type: 'string', description: 'The id of the message this one answers.' },
    traceparent: { type: 'string', description: 'W3C Trace Context.' },
  },
};

/** The document of all messages with other systems, seen from the hub. @see AsyncAPI 3.0.0, AMQP binding 0.3.0 */
export function createAsyncApi(
  version: string,
  systems: readonly SystemContracts[],
): Readonly<Record<string, unknown>> {
  const all = systems.flatMap(({ contracts }) => Object.entries(contracts));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Twinhub and its neighbours',
      version,
      description:
        'Messages between the hub and SAP PM, MES and WMS. Bodies are JSON; attributes travel as flat cloudEvents_* headers.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(all.map(([type, contract]) => [channelName(type), channel(type, contract)])),
    operations: Object.fromEntries(
      all.map(([type, contract]) => [operationName(type, contract), operation(type, contract)]),
    ),
    components: {
      messages: Object.fromEntries(
        all.map(([type, contract]) => [channelName(type), message(type, contract)]),
      ),
      schemas: { headers },
    },
  };
}

// AsyncAPI allows letters, digits, - and _ in these names.
const channelName = (type: string) => type.replaceAll('.', '_');
const operationName = (type: string, { direction }: MessageContract) =>
  `${direction === 'OUT' ? 'send' : 'receive'}_${channelName(type)}`;

function channel(type: string, { direction, routingKey, description }: MessageContract) {
  const exchange = {
    name: direction === 'OUT' ? 'hub.cmd' : 'hub.evt',
    type: 'topic',
    durable: true,
    autoDelete: false,
  };
  return {
    address: routingKey,
    description,
    messages: { [channelName(type)]: { $ref: `#/components/messages/${channelName(type)}` } },
    bindings: { amqp: { is: 'routingKey', exchange, bindingVersion: '0.3.0' } },
  };
}

function operation(type: string, { direction, description }: MessageContract) {
  const name = channelName(type);
  return {
    action: direction === 'OUT' ? 'send' : 'receive',
    channel: { $ref: `#/channels/${name}` },
    summary: description,
    messages: [{ $ref: `#/channels/${name}/messages/${name}` }],
  };
}

function message(type: string, { description, schema }: MessageContract) {
  return {
    name: type,
    summary: description,
    contentType: 'application/json',
    headers: { $ref: '#/components/schemas/headers' },
    payload: schema,
    correlationId: { location: '$message.header#/cloudEvents_correlationid' },
  };
}
