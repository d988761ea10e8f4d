import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { after, describe, it } from 'node:test';
import { opcUaDefaults, type OpcUaConfig } from '#connectors/opcua/config.ts';
import { createOpcUaDevice } from '#connectors/opcua/index.ts';
import { plantLinkConfig } from '#deploy/demo/plant-link.ts';
import { plantCall } from '#deploy/demo/plant-client.ts';
import { systemClock } from '#kernel/clock.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import { parseTenantId } from '#ontology/ids.ts';
import type { FieldDevice, LinkState } from '#ontology/ports/field-device.ts';
import type { Sample, SignalSample } from '#ontology/sample.ts';
import { startPlant, testFolder, type PlantProcess } from '../demo/plant-process.ts';
import { demoSignals } from '../demo/plant-signals.ts';

const tenant = parseTenantId('demo');
const certificateFolder = join(testFolder, 'client');

/** A device with everything it said. */
function listen(plant: { endpoint: string }, more: Partial<OpcUaConfig> = {}) {
  const samples: SignalSample[] = [];
  const states: LinkState[] = [];
  const log = createMemoryLogger();
  const config = {
    ...plantLinkConfig(plant.endpoint),
    reconnectMinMs: 100,
    reconnectMaxMs: 400,
    livenessTimeoutMs: 1500,
    ...more,
  };
  const device = createOpcUaDevice(config, {
    sink: (of, batch) => {
      assert.equal(of, tenant);
      samples.push(...batch);
    },
    clock: systemClock,
    log,
    tenant,
    signals: demoSignals,
    certificateFolder,
  });
  device.onStatus((status) => states.push(status.state));
  const of = (twin: string, signal: string): Sample[] =>
    samples.filter((each) => each.twinId === twin && each.signal === signal).map((each) => each.sample);
  return { device, samples, states, log, of };
}

async function until(what: string, condition: () => boolean, timeoutMs = 15_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > end) assert.fail(`waited ${timeoutMs} ms for: ${what}`);
    await pause(20);
  }
}

const online = (device: FieldDevice) => until('the link is online', () => device.status().state === 'ONLINE');

describe('the OPC UA connector with the demo plant', () => {
  const open: AsyncDisposable[] = [];
  after(async () => {
    for (const each of open) await each[Symbol.asyncDispose]();
  });
  const plantFor = async (...args: string[]): Promise<PlantProcess> => {
    const plant = await startPlant(args);
    open.push(plant);
    return plant;
  };

  it('delivers every mapped signal in its unit, with quality and both times', async () => {
    const plant = await plantFor();
    const { device, of, samples } = listen(plant);
    await until('a spectrum', () => of('P-101', 'envelopeSpectrum').length >= 2);
    await device.close();
    for (const { twinId, signal, unit } of demoSignals) {
      const [sample] = of(twinId, signal);
      assert.ok(sample, `${twinId}/${signal} came`);
      assert.equal(sample.unit, unit);
      assert.equal(sample.quality, 'GOOD');
      assert.equal(sample.status, null);
      assert.ok(
        Math.abs(sample.receivedTime - (sample.sourceTime ?? 0)) < 2000,
        'the source time is the true time',
      );
    }
    const spectrum = of('P-101', 'envelopeSpectrum').at(-1)?.value;
    assert.ok(Array.isArray(spectrum) && spectrum.length === 400);
    assert.equal(of('P-101', 'running').at(-1)?.value, true);
    assert.equal(device.status().samplesReceived, samples.length);
    assert.equal(device.status().mappedSignals, demoSignals.length);
  });

  it('converts degrees Fahrenheit and kilopascal to the units of the models', async () => {
    const plant = await plantFor();
    const { device, of } = listen(plant);
    await until(
      'temperature and pressure',
      () => of('P-101', 'bearingTemperature').length > 0 && of('AC-101', 'dischargePressure').length > 0,
    );
    await device.close();
    const celsius = Number(of('P-101', 'bearingTemperature')[0]?.value);
    assert.ok(celsius > 30 && celsius < 50, `${celsius} Cel`);
    const bar = Number(of('AC-101', 'dischargePressure')[0]?.value);
    assert.ok(bar > 6 && bar < 8, `${bar} bar`);
  });

  it('takes a signal with two nodes from one of them only', async () => {
    const plant = await plantFor();
    const { device, of } = listen(plant);
    await until('ten currents', () => of('P-101', 'motorCurrent').length >= 10);
    await device.close();
    const times = of('P-101', 'motorCurrent').map((sample) => sample.sourceTime);
    assert.equal(new Set(times).size, times.length);
    // The second node is rounded to a tenth; the first is not.
    assert.ok(
      of('P-101', 'motorCurrent').some(
        ({ value }) => Math.abs(Number(value) * 10 - Math.round(Number(value) * 10)) > 0.01,
      ),
    );
  });

  it('passes on uncertain and bad statuses by their names, bad ones without a value', async () => {
    const plant = await plantFor('--fault-factor', '60');
    const { device, samples } = listen(plant);
    const seen = () => new Set(samples.map(({ sample }) => sample.status));
    const wanted = ['UncertainSensorNotAccurate', 'BadSensorFailure', 'BadNoCommunication'];
    await until('each status', () => wanted.every((status) => seen().has(status)));
    await device.close();
    for (const { sample } of samples) {
      if (sample.status === null) assert.equal(sample.quality, 'GOOD');
      else assert.equal(sample.quality, sample.status.startsWith('Uncertain') ? 'UNCERTAIN' : 'BAD');
      assert.equal(sample.value === null, sample.quality === 'BAD');
    }
  });

  it('shows a lost connection as one bad sample of each signal and comes back by itself', async () => {
    const plant = await plantFor('--loss-ms', '2000');
    const { device, samples, states, of } = listen(plant);
    await online(device);
    await until('samples', () => of('P-101', 'flow').length > 3);
    const { accepted } = await plantCall(plant.endpoint, certificateFolder, 'StartScenario', [
      'communication-loss',
    ]);
    assert.equal(accepted, true);
    await until('the interruption', () => device.status().state === 'INTERRUPTED');
    assert.ok(device.status().reason);
    await online(device);
    const before = samples.length;
    await until('samples again', () => samples.length > before + demoSignals.length);
    await device.close();
    assert.deepEqual(states, ['ONLINE', 'INTERRUPTED', ...states.slice(2, -2), 'ONLINE', 'CLOSED']);
    for (const { twinId, signal, unit } of demoSignals) {
      const bad = of(twinId, signal).filter(({ quality }) => quality === 'BAD');
      assert.deepEqual(
        bad.map(({ value, status, unit: badUnit }) => ({ value, status, unit: badUnit })),
        [{ value: null, status: 'BadNoCommunication', unit }],
        `${twinId}/${signal}`,
      );
    }
  });

  it('comes back when the server was killed and started anew', async () => {
    const plant = await plantFor();
    const port = new URL(plant.endpoint).port;
    const { device, of } = listen(plant);
    await until('samples', () => of('P-101', 'flow').length > 3);
    await plant.end('SIGKILL');
    await until('the interruption', () => device.status().state === 'INTERRUPTED');
    await plantFor('--port', port);
    await online(device);
    const before = of('P-101', 'flow').length;
    await until('samples of the new server', () => of('P-101', 'flow').length > before + 3);
    assert.equal(of('P-101', 'flow').at(-1)?.quality, 'GOOD');
    await device.close();
  });

  it('notices a server that hangs without closing the connection, and closes promptly then', async () => {
    const plant = await plantFor();
    const { device } = listen(plant);
    await online(device);
    plant.child.kill('SIGSTOP');
    try {
      await until('the interruption', () => device.status().state === 'INTERRUPTED', 8000);
      const startedAt = performance.now();
      await device.close();
      assert.ok(performance.now() - startedAt < 2500, 'closes although nobody answers');
      assert.equal(device.status().state, 'CLOSED');
    } finally {
      plant.child.kill('SIGCONT');
    }
  });

  it('says that a server is not there, and with a bad sample of each signal that nothing is known', async () => {
    const { device, samples } = listen({ endpoint: 'opc.tcp://127.0.0.1:9' });
    await until('the reason', () => device.status().reason !== null);
    assert.equal(device.status().state, 'CONNECTING');
    await device.close();
    assert.equal(samples.length, demoSignals.length);
    assert.ok(samples.every(({ sample }) => sample.status === 'BadNoCommunication'));
  });

  it('refuses an unknown server certificate unless told otherwise, and encrypts with one it trusts', async () => {
    const plant = await plantFor();
    const secured = {
      securityMode: opcUaDefaults.securityMode,
      securityPolicy: opcUaDefaults.securityPolicy,
    } as const;
    const strict = listen(plant, secured);
    await until('the refusal', () => strict.device.status().reason !== null);
    assert.equal(strict.device.status().state, 'CONNECTING');
    await strict.device.close();
    const trusting = listen(plant, { ...secured, trustUnknownServers: true });
    await online(trusting.device);
    await until('samples', () => trusting.of('P-101', 'flow').length > 2);
    await trusting.device.close();
  });
});
