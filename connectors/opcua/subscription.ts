import {
  AttributeIds,
  ClientMonitoredItemGroup,
  ClientSubscription,
  DataChangeFilter,
  DataChangeTrigger,
  DeadbandType,
  TimestampsToReturn,
} from 'node-opcua';
import { HubError } from '#kernel/errors.ts';
import { oneLine, openSession, type OpenSession } from './client.ts';
import type { LinkOptions, MonitorFailure, OpcUaLink } from './driver.ts';
import { createNodeIdResolver } from './node-ids.ts';
import { readRawValue } from './raw-value.ts';

const monitorAtOnce = 500;

/** Opens a session with one subscription. @throws {HubError} CONNECTOR_UNREACHABLE */
export async function openLink(options: LinkOptions): Promise<OpcUaLink> {
  const open = await openSession(options);
  try {
    return await subscribe(open, options);
  } catch (error) {
    await open.close(1000);
    throw new HubError('CONNECTOR_UNREACHABLE', `No subscription at ${options.endpoint}: ${oneLine(error)}`, {
      cause: error,
    });
  }
}

async function subscribe(open: OpenSession, options: LinkOptions): Promise<OpcUaLink> {
  let heardAt = options.now();
  const heard = () => (heardAt = options.now());
  // A keep-alive at least three times within the longest silence that is tolerated.
  const keepAliveCount = Math.max(
    1,
    Math.floor(options.livenessTimeoutMs / 3 / options.publishingIntervalMs),
  );
  const subscription = await open.session.createSubscription2({
    requestedPublishingInterval: options.publishingIntervalMs,
    requestedMaxKeepAliveCount: keepAliveCount,
    requestedLifetimeCount: Math.max(300, keepAliveCount * 10),
    maxNotificationsPerPublish: 0,
    publishingEnabled: true,
  });
  subscription.on('keepalive', heard).on('received_notifications', heard);
  const resolver = await createNodeIdResolver(open.session);
  return {
    lost: lossOf(open, subscription),
    // After a clock was set back the silence counts from then on: else a dead link would look alive for as long.
    lastHeard: () => (heardAt = Math.min(heardAt, options.now())),
    close: (timeoutMs) => open.close(timeoutMs),
    monitor: async (nodeIds, onValue) => {
      const resolved = nodeIds.map((nodeId, index) => ({ index, nodeId: resolver(nodeId) }));
      const unknown = resolved.flatMap(({ index, nodeId }) =>
        nodeId ? [] : [{ index, status: 'BadNodeIdUnknown' }],
      );
      const items = resolved.flatMap(({ index, nodeId }) => (nodeId ? [{ index, nodeId }] : []));
      const failures: MonitorFailure[] = [...unknown];
      for (let from = 0; from < items.length; from += monitorAtOnce)
        failures.push(
          ...(await monitorWithFallback(
            subscription,
            items.slice(from, from + monitorAtOnce),
            options,
            onValue,
          )),
        );
      return failures;
    },
  };
}

interface Item {
  readonly index: number;
  readonly nodeId: string;
}
type OnValue = Parameters<OpcUaLink['monitor']>[1];

/** Asks to hear of each new source time, also of an unchanged value, so that a frozen value differs from a silent one. */
async function monitorWithFallback(
  subscription: ClientSubscription,
  items: readonly Item[],
  options: LinkOptions,
  onValue: OnValue,
): Promise<readonly MonitorFailure[]> {
  const failures = await monitorItems(subscription, items, options, onValue, true);
  const unfiltered = failures.filter(
    ({ status }) => status.startsWith('BadMonitoredItemFilter') || status === 'BadFilterNotAllowed',
  );
  if (!unfiltered.length) return failures;
  const again = items.filter(({ index }) => unfiltered.some((failure) => failure.index === index));
  const rest = await monitorItems(subscription, again, options, onValue, false);
  return [...failures.filter((failure) => !unfiltered.includes(failure)), ...rest];
}

async function monitorItems(
  subscription: ClientSubscription,
  items: readonly Item[],
  options: LinkOptions,
  onValue: OnValue,
  eachTimestamp: boolean,
): Promise<readonly MonitorFailure[]> {
  const filter = new DataChangeFilter({
    trigger: DataChangeTrigger.StatusValueTimestamp,
    deadbandType: DeadbandType.None,
  });
  const group = ClientMonitoredItemGroup.create(
    subscription,
    items.map(({ nodeId }) => ({ nodeId, attributeId: AttributeIds.Value })),
    {
      samplingInterval: options.samplingIntervalMs,
      queueSize: options.queueSize,
      discardOldest: true,
      ...(eachTimestamp ? { filter } : {}),
    },
    TimestampsToReturn.Both,
  );
  // Before anything is awaited: first values can come in the same packet as the answer.
  group.on('changed', (_item, dataValue, position) => {
    const item = items[position];
    if (item) onValue(item.index, readRawValue(dataValue));
  });
  await new Promise<void>((resolve, reject) => {
    group.on('initialized', resolve);
    group.on('err', (text) =>
      reject(new HubError('CONNECTOR_REFUSED', `The server refuses the monitored items: ${text}`)),
    );
  });
  return group.monitoredItems.flatMap((monitored, position) => {
    const { statusCode } = monitored as { statusCode?: { name: string; isGood(): boolean } };
    const item = items[position];
    return item && statusCode && !statusCode.isGood() ? [{ index: item.index, status: statusCode.name }] : [];
  });
}

function lossOf({ client, session }: OpenSession, subscription: ClientSubscription): Promise<string> {
  return new Promise((resolve) => {
    client.on('connection_lost', () => resolve('the connection was lost'));
    client.on('close', () => resolve('the connection was closed'));
    session.on('session_closed', (status) => resolve(`the session was closed (${status.name})`));
    session.on('keepalive_failure', () => resolve('the session does not answer any more'));
    subscription.on('terminated', () => resolve('the subscription was ended'));
    subscription.on('status_changed', (status) => resolve(`the subscription was ended (${status.name})`));
  });
}
