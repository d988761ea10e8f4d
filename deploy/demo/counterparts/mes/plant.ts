import { join } from 'node:path';
import { AttributeIds, DataType, MessageSecurityMode, OPCUAClient, SecurityPolicy } from 'node-opcua';
import { OPCUACertificateManager } from 'node-opcua';
import type { ClientSession } from 'node-opcua';

/** What the technician needs of the plant's OPC UA server. */
export interface Plant {
  /** Calls Simulation.PerformMaintenance. Rejects when the server does not answer. */
  performMaintenance(equipment: string, failureModeId: string): Promise<{ accepted: boolean; text: string }>;
  /** Value of the asset's `running` variable, or `null` when it is not good. */
  isRunning(twin: string): Promise<boolean | null>;
  close(): Promise<void>;
}

const timeoutMs = 5_000;

/** Speaks to the server at `endpoint`; connects when first needed and again after a loss. */
export function createPlant(endpoint: string, dataFolder: string): Plant {
  let connection: Promise<{ client: OPCUAClient; session: ClientSession }> | undefined;

  const connect = async () => {
    const client = OPCUAClient.create({
      applicationName: 'MES',
      endpointMustExist: false,
      securityMode: MessageSecurityMode.None,
      securityPolicy: SecurityPolicy.None,
      connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 200 },
      transportTimeout: timeoutMs,
      clientCertificateManager: new OPCUACertificateManager({ rootFolder: join(dataFolder, 'mes-pki') }),
    });
    await client.connect(endpoint);
    return { client, session: await client.createSession() };
  };
  const drop = async () => {
    const dead = connection;
    connection = undefined;
    await dead?.then(({ client }) => client.disconnect()).catch(() => {});
  };
  const withSession = async <T>(work: (session: ClientSession) => Promise<T>): Promise<T> => {
    try {
      const { session } = await (connection ??= connect());
      return await work(session);
    } catch (error) {
      await drop();
      throw error;
    }
  };

  return {
    performMaintenance: (equipment, failureModeId) =>
      withSession(async (session) => {
        const { statusCode, outputArguments = [] } = await session.call({
          objectId: 'ns=1;s=Simulation',
          methodId: 'ns=1;s=Simulation.PerformMaintenance',
          inputArguments: [equipment, failureModeId].map((value) => ({ dataType: DataType.String, value })),
        });
        if (!statusCode.isGood()) return { accepted: false, text: statusCode.toString() };
        return {
          accepted: outputArguments?.[0]?.value === true,
          text: String(outputArguments?.[1]?.value ?? ''),
        };
      }),
    isRunning: (twin) =>
      withSession(async (session) => {
        const read = await session.read({
          nodeId: `ns=1;s=${twin}.running`,
          attributeId: AttributeIds.Value,
        });
        return read.statusCode.isGood() ? read.value.value === true : null;
      }),
    close: drop,
  };
}
