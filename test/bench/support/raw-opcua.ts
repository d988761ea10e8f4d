import {
  AttributeIds,
  ClientMonitoredItemGroup,
  ClientSubscription,
  DataChangeFilter,
  DataChangeTrigger,
  DeadbandType,
  MessageSecurityMode,
  OPCUAClient,
  SecurityPolicy,
  TimestampsToReturn,
} from 'node-opcua';

/**
 * The baseline of the latency: a plain node-opcua client in a process of its own, with the settings of the hub's link
 * to the demo plant (publishing every 50 ms, each new source time reported). Sends [node, latency in ms] of each value
 * to its parent. Arguments: the endpoint, then node ids.
 */
const [endpoint = '', ...nodeIds] = process.argv.slice(2);
const client = OPCUAClient.create({
  endpointMustExist: false,
  securityMode: MessageSecurityMode.None,
  securityPolicy: SecurityPolicy.None,
});
await client.connect(endpoint);
const session = await client.createSession();
const subscription = ClientSubscription.create(session, {
  requestedPublishingInterval: 50,
  requestedMaxKeepAliveCount: 20,
  requestedLifetimeCount: 600,
  publishingEnabled: true,
});
const filter = new DataChangeFilter({
  trigger: DataChangeTrigger.StatusValueTimestamp,
  deadbandType: DeadbandType.None,
});
const group = ClientMonitoredItemGroup.create(
  subscription,
  nodeIds.map((nodeId) => ({ nodeId, attributeId: AttributeIds.Value })),
  { samplingInterval: 0, queueSize: 10, discardOldest: true, filter },
  TimestampsToReturn.Both,
);
group.on('changed', (_item, { sourceTimestamp }) => {
  if (sourceTimestamp) process.send?.(performance.timeOrigin + performance.now() - sourceTimestamp.getTime());
});
process.on('disconnect', () => process.exit());
