import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { BrowsedVariable } from '#connectors/opcua/browse.ts';
import { readMapping, type MappingDocument } from '#connectors/opcua/mapping.ts';
import { proposeMapping } from '#connectors/opcua/propose.ts';
import { wordsOf } from '#connectors/opcua/words.ts';
import { opcuaCommand } from '#deploy/commands/opcua.ts';
import { startPlant, testFolder } from '../demo/plant-process.ts';
import { demoSignals } from '../demo/plant-signals.ts';

const demoMapping = JSON.parse(
  readFileSync(new URL('../../deploy/demo/mapping.json', import.meta.url), 'utf8'),
) as MappingDocument;

const dataPath = () => join(testFolder, 'cli');

function terminal() {
  const out: string[] = [];
  const err: string[] = [];
  return {
    lines: { out, err },
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
    env: {},
    cwd: testFolder,
  };
}

function variable(path: string, more: Partial<BrowsedVariable> = {}): BrowsedVariable {
  return {
    nodeId: `nsu=urn:x;s=${path}`,
    path: path.split('/'),
    dataType: 'Double',
    isArray: false,
    unit: null,
    unitText: null,
    ...more,
  };
}

describe('proposing an OPC UA mapping', () => {
  it('finds the whole mapping of the demo plant, with the right units, from its server alone', async () => {
    await using plant = await startPlant();
    const screen = terminal();
    const code = await opcuaCommand(['propose', plant.endpoint, '--security-mode', 'None'], {
      terminal: screen,
      dataPath,
      signals: async () => demoSignals,
    });
    assert.equal(code, 0, screen.lines.err.join('\n'));
    const proposed = JSON.parse(screen.lines.out.join('\n')) as MappingDocument;
    readMapping(proposed, 'proposal', demoSignals);
    const key = (node: MappingDocument['nodes'][number]) => `${node.nodeId} ${node.twin}/${node.signal}`;
    const wanted = new Map(demoMapping.nodes.map((node) => [key(node), node]));
    const right = proposed.nodes.filter((node) => wanted.has(key(node)));
    assert.equal(right.length, wanted.size, `${right.length} of ${wanted.size} lines are right`);
    assert.equal(proposed.nodes.length, wanted.size, 'and nothing wrong beside them');
    for (const node of right)
      if (node.unit !== undefined) assert.equal(node.unit, wanted.get(key(node))?.unit, key(node));
    assert.deepEqual(
      right
        .filter(({ signal, twin }) => signal === 'motorCurrent' && twin === 'P-101')
        .map(({ priority }) => priority),
      [1, 2],
    );
  });

  it('lists the variables of a server with path, type and unit', async () => {
    await using plant = await startPlant();
    const screen = terminal();
    assert.equal(
      await opcuaCommand(['browse', plant.endpoint, '--trust-unknown'], {
        terminal: screen,
        dataPath,
        signals: async () => [],
      }),
      0,
    );
    const found = screen.lines.out.map((line) => JSON.parse(line) as BrowsedVariable);
    assert.deepEqual(
      found.find(({ path }) => path.at(-1) === 'bearingTemperature'),
      {
        nodeId: 'nsu=urn:twinhub:demo-plant;s=P-101.bearingTemperature',
        path: ['PLANT-1', 'UTILITIES', 'UTIL-CELL', 'P-101', 'bearingTemperature'],
        dataType: 'Double',
        isArray: false,
        unit: '[degF]',
        unitText: '°F',
      },
    );
    assert.equal(found.find(({ path }) => path.at(-1) === 'envelopeSpectrum')?.isArray, true);
  });

  it('understands flat tags with the abbreviations of control systems', () => {
    assert.deepEqual(wordsOf('P101_BRG_TEMP'), ['p101', 'bearing', 'temperature']);
    const tags = [
      variable('P101_BRG_TEMP', { unit: '[degF]' }),
      variable('P101_SUC_PRESS', { unit: 'kPa' }),
      variable('P101_DISCH_PRS', { unit: 'kPa' }),
      variable('P101_MTR_AMPS', { unit: 'A' }),
      variable('P101_RUN', { dataType: 'Boolean' }),
      variable('TANK7_LEVEL', { unit: '%' }),
    ];
    const { nodes, unusedNodes } = proposeMapping(tags, demoSignals);
    assert.deepEqual(
      nodes.map(({ nodeId, twin, signal }) => `${nodeId.slice(12)} ${twin}/${signal}`),
      [
        'P101_SUC_PRESS P-101/suctionPressure',
        'P101_DISCH_PRS P-101/dischargePressure',
        'P101_MTR_AMPS P-101/motorCurrent',
        'P101_BRG_TEMP P-101/bearingTemperature',
        'P101_RUN P-101/running',
      ],
    );
    assert.deepEqual(unusedNodes, ['nsu=urn:x;s=TANK7_LEVEL']);
  });

  it('never pairs a variable with a signal of another kind of quantity or type', () => {
    const tags = [variable('P-101/flow', { unit: 'bar' }), variable('P-101/running', { dataType: 'Double' })];
    assert.deepEqual(proposeMapping(tags, demoSignals).nodes, []);
  });
});
