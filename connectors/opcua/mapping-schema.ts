const nodeIdPattern = '^(ns=\\d+;|nsu=[^;]+;)?([isgb])=.+$';

/** JSON Schema (draft-07) of a mapping file; printed by `twinhub opcua schema`. */
export const mappingSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Twinhub OPC UA mapping',
  type: 'object',
  additionalProperties: false,
  required: ['nodes'],
  properties: {
    $schema: { type: 'string' },
    endpoint: {
      type: 'string',
      pattern: '^opc\\.tcp://[^/]+',
      description: 'Server address, e.g. opc.tcp://plc:4840',
    },
    nodes: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['nodeId', 'twin', 'signal'],
        properties: {
          nodeId: {
            type: 'string',
            pattern: nodeIdPattern,
            description:
              'ns=2;s=Pump.Flow, or nsu=urn:maker:pump;s=Pump.Flow which survives a changed namespace order',
          },
          twin: { type: 'string', minLength: 1, description: 'Twin id' },
          signal: { type: 'string', minLength: 1, description: "Name of the signal in the twin's model" },
          unit: {
            type: 'string',
            minLength: 1,
            description: "UCUM code of value x scale + offset; without it the signal's unit",
          },
          scale: { type: 'number' },
          offset: { type: 'number' },
          confidence: {
            type: 'number',
            minimum: 0,
            maximum: 1,
            description: 'How sure a proposal is; not used',
          },
          reason: { type: 'string', description: 'Why it was proposed; not used' },
          priority: {
            type: 'integer',
            minimum: 0,
            description: 'Several nodes of one signal: the lowest number is used while it is good',
          },
        },
      },
    },
  },
} as const;
