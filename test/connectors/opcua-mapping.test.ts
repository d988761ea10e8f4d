import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readOpcUaConfig } from '#connectors/opcua/config.ts';
import { readMapping, readMappingFile } from '#connectors/opcua/mapping.ts';
import { TagSelector } from '#connectors/opcua/tag-selector.ts';
import { ConfigReader, type Env } from '#kernel/config.ts';
import { isHubError } from '#kernel/errors.ts';
import type { Quality, Sample } from '#ontology/sample.ts';
import { testFolder } from '../demo/plant-process.ts';
import { demoSignals } from '../demo/plant-signals.ts';

function faultsOf(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    assert.ok(isHubError(error, 'CONFIG_INVALID'), String(error));
    return (error.details['faults'] as { pointer: string; message: string }[]).map(
      ({ pointer, message }) => `${pointer}: ${message}`,
    );
  }
  return [];
}

const flow = { nodeId: 'ns=1;s=a', twin: 'P-101', signal: 'flow' };

describe('the OPC UA mapping file', () => {
  it('of the demo plant maps every signal', () => {
    const mapping = readMappingFile(
      new URL('../../deploy/demo/mapping.json', import.meta.url).pathname,
      demoSignals,
    );
    assert.deepEqual(
      mapping.routes.map(({ signal }) => `${signal.twinId}/${signal.signal}`).sort(),
      demoSignals.map(({ twinId, signal }) => `${twinId}/${signal}`).sort(),
    );
    const current = mapping.routes.find(
      ({ signal }) => signal.twinId === 'P-101' && signal.signal === 'motorCurrent',
    );
    assert.deepEqual(
      current?.tags.map(({ priority }) => priority),
      [1, 2],
    );
  });

  it('names every fault of its form with file and pointer', () => {
    const document = {
      endpoint: 'http://x',
      nodes: [
        { nodeId: 'flow', twin: 'P-101', signal: 'flow', colour: 'red' },
        { twin: 'P-101', signal: 'flow', scale: '2' },
      ],
    };
    assert.deepEqual(
      faultsOf(() => readMapping(document, 'm.json', demoSignals)).map((fault) => fault.split(':')[0]),
      ['/endpoint', '/nodes/0', '/nodes/0/nodeId', '/nodes/1', '/nodes/1/scale'],
    );
    assert.throws(() => readMapping(document, 'm.json', demoSignals), /m\.json#\/nodes\/0\/nodeId/);
  });

  it('names twins, signals and units that do not exist or do not fit', () => {
    const nodes = [
      { ...flow, twin: 'P-999' },
      { ...flow, signal: 'flaw' },
      { ...flow, unit: 'bar' },
      { ...flow, nodeId: 'ns=1;s=b', unit: 'cubits', priority: 1 },
      { ...flow, nodeId: 'ns=1;s=c', signal: 'running', unit: 'A' },
    ];
    const faults = faultsOf(() => readMapping({ nodes }, 'm.json', demoSignals));
    assert.deepEqual(
      faults.map((fault) => fault.split(':')[0]),
      ['/nodes/0/twin', '/nodes/1/signal', '/nodes/2/unit', '/nodes/3/unit', '/nodes/4/unit'],
    );
    assert.match(faults[1] ?? '', /it has flow, suctionPressure/);
  });

  it('refuses two nodes of one signal that leave open which one counts', () => {
    const twice = faultsOf(() =>
      readMapping(
        { nodes: [flow, { ...flow, nodeId: 'ns=1;s=b' }, { ...flow, priority: 3 }] },
        'm',
        demoSignals,
      ),
    );
    assert.deepEqual(twice, [
      '/nodes/1/priority: has the same signal and priority as /nodes/0',
      '/nodes/2/nodeId: maps the same node to the same signal as /nodes/0',
    ]);
  });

  it('says when it is no JSON or not there', () => {
    const file = join(testFolder, 'mapping.json');
    writeFileSync(file, '{');
    assert.equal(faultsOf(() => readMappingFile(file, demoSignals)).length, 1);
    assert.match(faultsOf(() => readMappingFile(`${file}.none`, demoSignals))[0] ?? '', /ENOENT/);
  });
});

describe('the OPC UA settings', () => {
  const read = (env: Env) => {
    const reader = new ConfigReader(env);
    const config = readOpcUaConfig(reader);
    reader.finish('TWINHUB_OPCUA_');
    return config;
  };
  const names = (env: Env) => {
    try {
      read(env);
    } catch (error) {
      assert.ok(isHubError(error, 'CONFIG_INVALID'));
      return (error.details['faults'] as { name: string }[]).map(({ name }) => name);
    }
    return [];
  };
  const base = { TWINHUB_OPCUA_ENDPOINT: 'opc.tcp://plc:4840', TWINHUB_OPCUA_MAPPING: 'm.json' };

  it('are absent without an address, and protect messages unless told otherwise', () => {
    assert.equal(read({}), null);
    const config = read(base);
    assert.deepEqual(
      [config?.securityMode, config?.securityPolicy, config?.trustUnknownServers],
      ['SignAndEncrypt', 'Basic256Sha256', false],
    );
    assert.equal(read({ ...base, TWINHUB_OPCUA_SECURITY_MODE: 'None' })?.securityPolicy, 'None');
  });

  it('refuse contradictions, naming each setting', () => {
    assert.deepEqual(names({ TWINHUB_OPCUA_ENDPOINT: 'http://x', TWINHUB_OPCUA_MAPPING: 'm' }), [
      'TWINHUB_OPCUA_ENDPOINT',
    ]);
    assert.deepEqual(names({ TWINHUB_OPCUA_ENDPOINT: 'opc.tcp://x' }), ['TWINHUB_OPCUA_MAPPING']);
    assert.deepEqual(names({ ...base, TWINHUB_OPCUA_SECURITY_POLICY: 'None' }), [
      'TWINHUB_OPCUA_SECURITY_POLICY',
    ]);
    assert.deepEqual(names({ ...base, TWINHUB_OPCUA_USER: 'u' }), ['TWINHUB_OPCUA_PASSWORD']);
    assert.deepEqual(
      names({
        ...base,
        TWINHUB_OPCUA_USER: 'u',
        TWINHUB_OPCUA_PASSWORD: 'p',
        TWINHUB_OPCUA_SECURITY_MODE: 'Sign',
      }),
      ['TWINHUB_OPCUA_SECURITY_MODE'],
    );
    assert.deepEqual(names({ ...base, TWINHUB_OPCUA_COLOUR: 'red' }), ['TWINHUB_OPCUA_COLOUR']);
  });
});

describe('several nodes of one signal', () => {
  const sample = (sourceTime: number, quality: Quality = 'GOOD'): Sample => ({
    value: quality === 'BAD' ? null : sourceTime,
    unit: null,
    quality,
    status: quality === 'BAD' ? 'BadSensorFailure' : null,
    sourceTime,
    receivedTime: sourceTime,
  });
  const selector = () => {
    const switches: string[] = [];
    const made = new TagSelector(2, 5000, 0, (from, to, reason) => switches.push(`${from}>${to} ${reason}`));
    const offer = (index: number, time: number, quality?: Quality) =>
      made.offer(index, sample(time, quality), time)?.sourceTime ?? null;
    return { offer, switches };
  };

  it('never interleave: the second waits while the first is good', () => {
    const { offer, switches } = selector();
    assert.deepEqual([offer(0, 1), offer(1, 2), offer(0, 3), offer(1, 4)], [1, null, 3, null]);
    assert.deepEqual(switches, []);
  });

  it('switch over at the first bad value and back after three good ones', () => {
    const { offer, switches } = selector();
    offer(0, 1);
    offer(1, 2);
    assert.equal(offer(0, 3, 'BAD'), 2, 'the newest good value of the other stands in');
    assert.deepEqual(
      [offer(1, 4), offer(0, 5), offer(0, 6), offer(1, 7), offer(0, 8), offer(1, 9)],
      [4, null, null, 7, 8, null],
    );
    assert.deepEqual(switches, [
      '0>1 the node in use is BadSensorFailure',
      '1>0 a preferred node is good again',
    ]);
  });

  it('pass the bad value on when no other is good, and take the other as soon as it is', () => {
    const { offer } = selector();
    assert.deepEqual([offer(0, 1, 'BAD'), offer(1, 2, 'BAD'), offer(1, 3)], [1, null, 3]);
  });

  it('switch over when the one in use is silent while the other speaks', () => {
    const { offer, switches } = selector();
    offer(0, 1000);
    assert.deepEqual([offer(1, 4000), offer(1, 5900), offer(1, 6100)], [null, null, 6100]);
    assert.deepEqual(switches, ['0>1 the node in use is silent']);
  });

  it('let a bad value through when the one in use is silent, so that no old value stands for ever', () => {
    const { offer } = selector();
    offer(0, 1000);
    assert.deepEqual(
      [offer(1, 4000, 'BAD'), offer(1, 5900, 'BAD'), offer(1, 6100, 'BAD')],
      [null, null, 6100],
    );
  });

  it('never go back in time at a switch', () => {
    const { offer } = selector();
    offer(1, 1);
    offer(0, 5);
    assert.equal(offer(0, 6, 'BAD'), null, 'the value of the other is older than what was passed on');
    assert.deepEqual([offer(1, 4), offer(1, 7)], [null, 7]);
  });
});
