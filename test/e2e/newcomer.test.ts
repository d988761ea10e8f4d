import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { eventually, signIn } from './support/client.ts';
import { startForeignFan } from './support/foreign-fan.ts';
import { freePort, startHub, twinhub } from './support/hub-process.ts';

/** What docs/getting-started.md tells somebody with models and a plant of their own, step by step. */
const models = new URL('../../docs/getting-started/', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'twinhub-newcomer-'));
const dataDir = join(folder, 'data');
after(() => rmSync(folder, { recursive: true, force: true }));

interface Proposal {
  readonly nodes: readonly {
    readonly nodeId: string;
    readonly twin: string;
    readonly signal: string;
    readonly unit?: string;
  }[];
}

interface FanView {
  readonly plantLinks: readonly { readonly state: string; readonly endpoint: string }[];
  readonly twinByTwinId: {
    readonly properties: readonly { readonly name: string; readonly value: unknown }[];
    readonly signals: readonly {
      readonly name: string;
      readonly latest: {
        readonly value: unknown;
        readonly unit: string | null;
        readonly quality: string;
      } | null;
      readonly history: readonly { readonly count: number; readonly mean: number }[] | null;
    }[];
  };
}

const fanQuery = `{
  plantLinks { state endpoint }
  twinByTwinId(twinId: "FAN-7") {
    properties { name value }
    signals { name latest { value unit quality } history(range: { last: "PT5M" }, window: "PT5M") { count mean } }
  }
}`;

test(
  'own models and an OPC UA server with its own names and units: check, import, propose, start, live values',
  { timeout: 300_000 },
  async () => {
    await using fan = await startForeignFan(await freePort(), join(folder, 'fan-pki'));
    await twinhub('models', 'check', models);

    const empty = await startHub({ dataDir, env: { TWINHUB_DEMO: 'false' } });
    const mapping = join(folder, 'mapping.json');
    try {
      const hub = ['--url', `${empty.url}/graphql`, '--data', dataDir];
      await twinhub('models', 'import', models, ...hub);
      const text = await twinhub('opcua', 'propose', fan.endpoint, '--security-mode', 'None', ...hub);
      const { nodes } = JSON.parse(text) as Proposal;
      assert.deepEqual(
        nodes.map(({ nodeId, twin, signal, unit }) => [
          nodeId.replace(`nsu=${fan.uri};s=`, ''),
          twin,
          signal,
          unit ?? null,
        ]),
        [
          ['EF07.Bearing_Temp', 'FAN-7', 'bearingTemperature', '[degF]'],
          ['EF07.ACT_SPEED', 'FAN-7', 'speed', 'Hz'],
          ['EF07.VIB_RMS', 'FAN-7', 'vibration', '[in_i]/s'],
          ['EF07.PWR_W', 'FAN-7', 'power', 'W'],
          ['EF07.RUN_FB', 'FAN-7', 'running', null],
        ],
      );
      writeFileSync(mapping, text);
    } finally {
      await empty.stop();
    }

    const hub = await startHub({
      dataDir,
      env: {
        TWINHUB_OPCUA_ENDPOINT: fan.endpoint,
        TWINHUB_OPCUA_MAPPING: mapping,
        TWINHUB_OPCUA_SECURITY_MODE: 'None',
      },
    });
    try {
      const olivia = await signIn(hub, 'olivia');
      const view = await eventually('live values and history of the fan', async () => {
        const answer = await olivia.get<FanView>(fanQuery);
        const { signals } = answer.twinByTwinId;
        return (
          signals.every(
            ({ name, latest, history }) => latest && (name === 'running' || history?.[0]?.count),
          ) && answer
        );
      });
      assert.deepEqual(view.plantLinks, [{ state: 'ONLINE', endpoint: fan.endpoint }]);
      const latest = new Map(view.twinByTwinId.signals.map((signal) => [signal.name, signal.latest]));
      const near = (name: string, expected: number, within: number, unit: string) => {
        const sample = latest.get(name);
        assert.ok(
          sample && Math.abs(Number(sample.value) - expected) < within,
          `${name}: ${JSON.stringify(sample)}`,
        );
        assert.deepEqual([sample.unit, sample.quality], [unit, 'GOOD']);
      };
      near('bearingTemperature', 54.5, 0.3, 'Cel');
      near('speed', 1470, 2, '{rev}/min');
      near('vibration', 2.3, 0.1, 'mm/s');
      near('power', 11, 0.01, 'kW');
      assert.equal(latest.get('running')?.value, true);
      assert.ok(
        view.twinByTwinId.properties.some(
          ({ name, value }) => name === 'Nameplate.SerialNumber' && value === 'F7-0042',
        ),
        'the AAS',
      );
    } finally {
      await hub.stop();
    }
  },
);
