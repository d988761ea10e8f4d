import { fileURLToPath } from 'node:url';
import type { Lifecycle } from '#kernel/lifecycle.ts';
import type { Logger } from '#kernel/log.ts';
import type { TenantId } from '#ontology/ids.ts';
import { superviseChild } from '../child-process.ts';
import type { DemoConfig } from '../config.ts';
import type { DataFolder } from '../data-folder.ts';

const script = (path: string) => fileURLToPath(new URL(`../demo/${path}/main.ts`, import.meta.url));

/** Starts the plant's OPC UA server. @returns its endpoint. */
export async function startPlant(
  demo: DemoConfig,
  deps: { folder: DataFolder; lifecycle: Lifecycle; log: Logger },
): Promise<string> {
  const { folder, lifecycle, log } = deps;
  const args = [
    '--port',
    String(demo.plantPort),
    '--speed',
    String(demo.speed),
    '--sample-period-ms',
    String(demo.samplePeriodMs),
    '--seed',
    String(demo.seed),
    '--state',
    folder.file('demo/plant.json'),
  ];
  const plant = lifecycle.add(
    'plant',
    await superviseChild({ name: 'plant', script: script('plant'), args }, log),
  );
  return String(plant.ready['endpoint']);
}

/** What the counterparts are started with. */
export interface CounterpartDeps {
  readonly folder: DataFolder;
  readonly lifecycle: Lifecycle;
  readonly log: Logger;
  readonly tenant: TenantId;
  /** `sqlite:PATH` or the broker's address. */
  readonly busAddress: string;
  readonly plantEndpoint: string;
}

/** Starts SAP PM, MES and WMS, each a process of its own, on the hub's message bus. */
export async function startCounterparts(demo: DemoConfig, deps: CounterpartDeps): Promise<void> {
  const { folder, lifecycle, log, tenant, busAddress, plantEndpoint } = deps;
  const start = async (name: string, more: readonly string[] = []) => {
    // The broker's address has a password in it, so it goes by the environment.
    const secret = busAddress.startsWith('sqlite:') ? {} : { TWINHUB_DEMO_BUS: busAddress };
    const bus = busAddress.startsWith('sqlite:') ? busAddress : 'env:TWINHUB_DEMO_BUS';
    const args = [
      '--bus',
      bus,
      '--data',
      folder.file(`demo/${name}`),
      '--speed',
      String(demo.speed),
      '--tenant',
      tenant,
      ...more,
    ];
    lifecycle.add(
      name,
      await superviseChild({ name, script: script(`counterparts/${name}`), args, env: secret }, log),
    );
  };
  await Promise.all([start('sap-pm'), start('wms'), start('mes', ['--plant', plantEndpoint])]);
}
