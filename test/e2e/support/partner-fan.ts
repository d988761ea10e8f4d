const model = {
  '@context': 'dtmi:dtdl:context;3',
  '@type': 'Interface',
  '@id': 'dtmi:partner:Fan;1',
  extends: 'dtmi:twinhub:isa95:Asset;1',
  contents: [{ '@type': 'Telemetry', name: 'rpm', schema: 'double' }],
};
const graph = {
  digitalTwinsGraph: {
    digitalTwins: [
      {
        $dtId: 'FAN-1',
        $metadata: { $model: 'dtmi:partner:Fan;1' },
        name: 'Roof fan',
        equipmentNumber: '10000900',
        functionalLocation: 'BP01-UTL-FAN1',
        assetClass: 'fan',
        criticality: 'C',
      },
    ],
    relationships: [
      {
        $relationshipId: 'UTIL-CELL-contains-FAN-1',
        $sourceId: 'UTIL-CELL',
        $targetId: 'FAN-1',
        $relationshipName: 'contains',
      },
    ],
  },
};

/** A partner's model and one twin of it, as the mutation importModels takes them. */
export const partnerFanDocuments = [
  { name: 'fan.json', standard: 'DTDL', content: JSON.stringify(model) },
  { name: 'twins.json', standard: 'TWIN_GRAPH', content: JSON.stringify(graph) },
] as const;
