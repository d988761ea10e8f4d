import {
  MessageSecurityMode,
  nodesets,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
} from 'node-opcua';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { buildAddressSpace, type PlantAddressSpace } from './address-space.ts';
import { addMethods, type PlantMethods } from './methods.ts';

/** The plant's OPC UA server. */
export interface PlantServer {
  readonly endpoint: string;
  readonly publish: PlantAddressSpace['publish'];
  /** Cuts all connections and takes no new ones for `durationMs`. */
  interrupt(durationMs: number): void;
  close(): Promise<void>;
}

/** Namespace of the plant's nodes, index 1 on this server. */
export const plantNamespaceUri = 'urn:twinhub:demo-plant';

/**
 * Opens the server on 127.0.0.1: without security for the demo on one machine, and with Basic256Sha256,
 * SignAndEncrypt for clients that want it; anybody may sign in, since nobody else can reach the address.
 *
 * @param options.pkiFolder - where the server keeps its own certificate, made at the first start.
 */
export async function openPlantServer(
  options: { port: number; pkiFolder: string },
  methods: PlantMethods,
): Promise<PlantServer> {
  const server = new OPCUAServer({
    port: options.port,
    host: '127.0.0.1',
    hostname: '127.0.0.1',
    nodesets: [nodesets.standard],
    securityPolicies: [SecurityPolicy.None, SecurityPolicy.Basic256Sha256],
    securityModes: [MessageSecurityMode.None, MessageSecurityMode.SignAndEncrypt],
    allowAnonymous: true,
    maxConnectionsPerEndpoint: 50,
    serverCertificateManager: certificateManager(join(options.pkiFolder, 'server')),
    userCertificateManager: certificateManager(join(options.pkiFolder, 'users')),
    serverInfo: { applicationUri: plantNamespaceUri, applicationName: { text: 'Demo plant' } },
    buildInfo: { productName: 'Demo plant' },
  });
  await server.initialize();
  const namespace = server.engine.addressSpace?.getOwnNamespace();
  if (!namespace) throw new Error('The server has no address space.');
  const space = buildAddressSpace(namespace);
  addMethods(namespace, space.simulation, methods);
  await server.start();
  let interrupted = false;
  return {
    endpoint: `opc.tcp://127.0.0.1:${options.port}`,
    publish: space.publish,
    interrupt: (durationMs) => {
      if (interrupted) return;
      interrupted = true;
      void interrupt(server, durationMs).finally(() => (interrupted = false));
    },
    close: () => server.shutdown(0),
  };
}

function certificateManager(rootFolder: string): OPCUACertificateManager {
  return new OPCUACertificateManager({
    rootFolder,
    automaticallyAcceptUnknownCertificate: true,
    disableFileWatchers: true,
  });
}

async function interrupt(server: OPCUAServer, durationMs: number): Promise<void> {
  const suspended = server.suspendEndPoints();
  for (const endpoint of server.endpoints) endpoint.abruptlyInterruptChannels();
  await suspended;
  await pause(durationMs);
  // Somebody else may have taken the port meanwhile: the server comes back as soon as it is free.
  for (;;) {
    try {
      return await server.resumeEndPoints();
    } catch {
      await pause(500);
    }
  }
}
