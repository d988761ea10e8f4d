import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { it } from 'node:test';
import { browseVariables } from '#connectors/opcua/browse.ts';
import { openCertificateStore, openSession } from '#connectors/opcua/client.ts';
import { createOpcUaDevice } from '#connectors/opcua/index.ts';
import { proposeMapping } from '#connectors/opcua/propose.ts';
import { freePort } from '#deploy/demo/plant/options.ts';
import { plantLinkConfig } from '#deploy/demo/plant-link.ts';
import { systemClock } from '#kernel/clock.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import { parseTenantId } from '#ontology/ids.ts';
import type { SignalSample } from '#ontology/sample.ts';
import { findAsyncua } from '../services/asyncua.ts';
import { isUnavailable } from '../services/index.ts';
import { testFolder } from '../demo/plant-process.ts';
import { demoSignals } from '../demo/plant-signals.ts';

const found = await findAsyncua();
const skip = isUnavailable(found) ? found.unavailable : false;
const python = isUnavailable(found) ? '' : found.path;

/** Starts the server; resolves when it listens. */
async function startForeign(port: number) {
  const script = new URL('opcua-foreign-server.py', import.meta.url).pathname;
  const child = spawn(python, [script, String(port)], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(createInterface({ input: child.stdout }), 'line');
  return {
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

it(
  'works with a server of another maker: browse, propose, subscribe, types and statuses',
  { skip },
  async () => {
    const port = await freePort();
    await using _server = await startForeign(port);
    const endpoint = `opc.tcp://127.0.0.1:${port}/plc/`;
    const certificates = openCertificateStore(join(testFolder, 'foreign'), false);
    const open = await openSession({
      endpoint,
      securityMode: 'None',
      securityPolicy: 'None',
      user: null,
      password: null,
      certificates,
    });
    const { variables } = await browseVariables(open.session);
    await open.close(2000);
    await certificates.close();
    const { nodes } = proposeMapping(variables, demoSignals);
    assert.deepEqual(
      nodes.map(({ nodeId, signal, unit }) => [nodeId, signal, unit ?? null]),
      [
        ['nsu=urn:foreign:plc;s=P-101.SUC_PRESS', 'suctionPressure', null],
        ['nsu=urn:foreign:plc;s=P-101.SPD', 'speed', null],
        ['nsu=urn:foreign:plc;s=P-101.BRG_TEMP', 'bearingTemperature', '[degF]'],
        ['nsu=urn:foreign:plc;s=P-101.ENV_SPEC', 'envelopeSpectrum', null],
        ['nsu=urn:foreign:plc;s=P-101.RUN', 'running', null],
      ],
    );

    const mappingFile = join(testFolder, 'foreign.json');
    writeFileSync(
      mappingFile,
      JSON.stringify({
        endpoint,
        nodes: [...nodes, { nodeId: 'nsu=urn:foreign:plc;s=gone', twin: 'P-101', signal: 'flow' }],
      }),
    );
    const samples: SignalSample[] = [];
    const device = createOpcUaDevice(
      { ...plantLinkConfig(endpoint), mappingFile },
      {
        sink: (_tenant, batch) => void samples.push(...batch),
        clock: systemClock,
        log: createMemoryLogger(),
        tenant: parseTenantId('demo'),
        signals: demoSignals,
        certificateFolder: join(testFolder, 'foreign'),
      },
    );
    const of = (signal: string) =>
      samples.filter((each) => each.signal === signal).map(({ sample }) => sample);
    for (let tries = 0; tries < 200 && of('speed').length < 5; tries += 1) await pause(50);
    await device.close();
    assert.ok(
      of('speed').some(({ value }) => value === 1471),
      'Int64',
    );
    assert.deepEqual(
      new Set(of('running').map(({ value }) => value)),
      new Set([true, false]),
      'Int16 as boolean',
    );
    assert.ok(
      of('bearingTemperature').some(
        ({ value, unit }) => unit === 'Cel' && Math.abs(Number(value) - 40) < 1e-6,
      ),
      '104 degF',
    );
    assert.ok(of('envelopeSpectrum').every(({ value }) => Array.isArray(value) && value.length === 3));
    assert.deepEqual(
      new Set(of('suctionPressure').map(({ status }) => status)).has('BadSensorFailure'),
      true,
    );
    assert.ok(of('suctionPressure').some(({ quality, value }) => quality === 'UNCERTAIN' && value === 0.5));
    assert.deepEqual(
      of('flow').map(({ status }) => status),
      ['BadNodeIdUnknown'],
    );
    assert.ok(
      of('speed').every(({ sourceTime, receivedTime }) => Math.abs(receivedTime - (sourceTime ?? 0)) < 5000),
    );
  },
);
