import {
  DataType,
  makeEUInformation,
  MessageSecurityMode,
  nodesets,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
} from 'node-opcua';
import { join } from 'node:path';

/** A server of a plant we know nothing of: its own namespace, names and units. */
export interface ForeignFan extends AsyncDisposable {
  readonly endpoint: string;
  /** The name of its namespace. */
  readonly uri: string;
}

const uri = 'urn:acme:paint-shop';

/** Its variables: name, unit (UNECE code, symbol, name), the value at a step. None of them stands in the model. */
const variables = [
  {
    name: 'Bearing_Temp',
    dataType: DataType.Float,
    unit: ['FAH', '°F', 'degree Fahrenheit'],
    value: (step: number) => 130 + (step % 5) / 10,
  },
  {
    name: 'ACT_SPEED',
    dataType: DataType.Double,
    unit: ['HTZ', 'Hz', 'hertz'],
    value: (step: number) => 24.5 + (step % 3) / 100,
  },
  {
    name: 'VIB_RMS',
    dataType: DataType.Double,
    unit: ['IU', 'in/s', 'inch per second'],
    value: (step: number) => 0.09 + (step % 4) / 1000,
  },
  {
    name: 'PWR_W',
    dataType: DataType.Int32,
    unit: ['WTT', 'W', 'watt'],
    value: (step: number) => 11_000 + (step % 7),
  },
  { name: 'RUN_FB', dataType: DataType.Boolean, unit: null, value: () => true },
] as const;

/** Starts the server without security on 127.0.0.1; it changes each value every 200 ms until disposed. */
export async function startForeignFan(port: number, pkiFolder: string): Promise<ForeignFan> {
  const server = new OPCUAServer({
    port,
    host: '127.0.0.1',
    hostname: '127.0.0.1',
    resourcePath: '/acme',
    nodesets: [nodesets.standard],
    securityPolicies: [SecurityPolicy.None],
    securityModes: [MessageSecurityMode.None],
    serverCertificateManager: new OPCUACertificateManager({
      rootFolder: join(pkiFolder, 'server'),
      disableFileWatchers: true,
    }),
    userCertificateManager: new OPCUACertificateManager({
      rootFolder: join(pkiFolder, 'users'),
      disableFileWatchers: true,
    }),
  });
  await server.initialize();
  const publish = addFan(server);
  await server.start();
  let step = 0;
  const timer = setInterval(() => publish((step += 1)), 200);
  return {
    endpoint: `opc.tcp://127.0.0.1:${port}/acme`,
    uri,
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await server.shutdown(0);
    },
  };
}

/** Objects > Hall_3 > Fan_7 > variables, behind a namespace of somebody else. @returns writes the values of a step. */
function addFan(server: OPCUAServer): (step: number) => void {
  const { addressSpace } = server.engine;
  if (!addressSpace) throw new Error('The server has no address space.');
  addressSpace.registerNamespace('urn:acme:other');
  const namespace = addressSpace.registerNamespace(uri);
  const hall = namespace.addObject({
    organizedBy: addressSpace.rootFolder.objects,
    nodeId: 's=HALL3',
    browseName: 'Hall_3',
  });
  const fan = namespace.addObject({ componentOf: hall, nodeId: 's=EF07', browseName: 'Fan_7' });
  const added = variables.map(({ name, dataType, unit, value }) => {
    const common = {
      componentOf: fan,
      nodeId: `s=EF07.${name}`,
      browseName: name,
      dataType,
      minimumSamplingInterval: 0,
    };
    const variable = unit
      ? namespace.addAnalogDataItem({
          ...common,
          engineeringUnitsRange: { low: 0, high: 20_000 },
          engineeringUnits: makeEUInformation(unit[0], unit[1], unit[2]),
        })
      : namespace.addVariable(common);
    return (step: number) => variable.setValueFromSource({ dataType, value: value(step) });
  });
  const publish = (step: number) => added.forEach((set) => set(step));
  publish(0);
  return publish;
}
