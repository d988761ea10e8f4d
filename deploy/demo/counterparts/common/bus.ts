import { connectAmqpMessageBus } from '#connectors/amqp/index.ts';
import { openSqliteMessageBus } from '#connectors/sqlite/message-bus.ts';
import { systemClock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/log.ts';
import type { MessageBus } from '#ontology/ports/message-bus.ts';

/** Opens the bus a `--bus` flag names. @throws {HubError} STORE_UNAVAILABLE, CONNECTOR_UNREACHABLE */
export async function openBus(address: string, log: Logger): Promise<MessageBus> {
  const deps = { clock: systemClock, log };
  if (address.startsWith('sqlite:'))
    return openSqliteMessageBus({ path: address.slice('sqlite:'.length) }, deps);
  return connectAmqpMessageBus({ url: address }, deps);
}
