import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { DispatchJob, RequestWindow } from '#ontology/maintenance.ts';
import { CounterpartBench, kill, startProcess } from './counterpart-bench.ts';

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const window = (workflowId: string, order: string, over: Partial<RequestWindow> = {}): RequestWindow => ({
  type: 'mes.requestWindow',
  workflowId,
  equipment: '10000101',
  order,
  durationHours: 4,
  needsStop: true,
  earliestStart: inHours(0),
  latestEnd: inHours(48),
  ...over,
});
const dispatch = (workflowId: string, order: string, over: Partial<DispatchJob> = {}): DispatchJob => ({
  type: 'mes.dispatchJob',
  workflowId,
  equipment: '10000101',
  order,
  failureModeId: 'pump.bearing-wear',
  action: 'Replace both pump bearings and regrease',
  start: inHours(0),
  end: inHours(1),
  ...over,
});

describe('the MES connector with its simulated MES', () => {
  test('gets a window of the asked length', async () => {
    await using bench = await new CounterpartBench('mes', ['--busy-share', '0']).start();
    await bench.startSystem();
    await bench.send(window('W-1', '4000001'));
    const granted = await bench.told('mes.windowGranted');
    const length = Date.parse(granted.end) - Date.parse(granted.start);
    assert.ok(Math.abs(length - 4_000) < 5, `4 plant hours at speed 3600 are 4 s, not ${length} ms`);
  });

  test('is told when the line is busy and gets a window when it asks again', async () => {
    await using bench = await new CounterpartBench('mes', ['--busy-share', '1']).start();
    await bench.startSystem();
    await bench.send(window('W-2', '4000002'));
    const refused = await bench.told('mes.windowRefused');
    assert.match(refused.reason, /batch/);
    assert.ok(Date.parse(refused.nextPossibleStart ?? '') > Date.now() - 1_000);
    await bench.send(window('W-2', '4000002', { earliestStart: refused.nextPossibleStart ?? '' }));
    const granted = await bench.told('mes.windowGranted');
    assert.ok(granted.start >= (refused.nextPossibleStart ?? ''));
    await bench.send(window('W-2', '4000002', { latestEnd: inHours(0) }));
    assert.equal((await bench.told('mes.windowRefused', 2)).nextPossibleStart, null);
  });

  test('runs a job once, however often it is dispatched, and survives a kill of the MES', async () => {
    await using bench = await new CounterpartBench('mes').start();
    const system = await bench.startSystem();
    const sent = await bench.send(dispatch('W-3', '4000003'));
    await bench.told('mes.jobStarted');
    await bench.send(sent.command, sent.id);
    await kill(system);
    await bench.startSystem();
    const ended = await bench.told('mes.jobEnded');
    assert.ok(ended.startedAt < ended.endedAt);
    assert.ok(ended.workHours >= 0.5, `${ended.workHours} h`);
    await bench.send({ ...dispatch('W-3', '4000003'), type: 'mes.dispatchJob' }, sent.id);
    assert.deepEqual(
      bench.events.map(({ type }) => type),
      ['mes.jobStarted', 'mes.jobEnded'],
    );
  });

  test('cancels a job that has not started, refuses to cancel one under way and an unknown equipment', async () => {
    await using bench = await new CounterpartBench('mes').start();
    await bench.startSystem();
    await bench.send(dispatch('W-4', '4000004', { start: inHours(1) }));
    await bench.send({ type: 'mes.cancelJob', workflowId: 'W-4', order: '4000005' });
    assert.equal((await bench.told('mes.jobCancelled')).order, '4000005', 'nothing was dispatched for it');
    await bench.send({ type: 'mes.cancelJob', workflowId: 'W-4', order: '4000004' });
    assert.equal((await bench.told('mes.jobCancelled', 2)).order, '4000004');
    await bench.send(dispatch('W-5', '4000006'));
    await bench.told('mes.jobStarted');
    await bench.send({ type: 'mes.cancelJob', workflowId: 'W-5', order: '4000006' });
    assert.equal((await bench.told('mes.refused')).code, 'MES/JOB_RUNNING');
    await bench.send(dispatch('W-6', '4000007', { equipment: '77' }));
    assert.equal((await bench.told('mes.refused', 2)).code, 'MES/UNKNOWN_EQUIPMENT');
  });

  test('the technician stops the pump in the plant and reports when it runs again', async () => {
    await using bench = await new CounterpartBench('mes').start();
    const state = join(bench.folder, 'plant.json');
    const script = join(import.meta.dirname, '../../deploy/demo/plant/main.ts');
    const flags = ['--port', '0', '--speed', '600', '--sample-period-ms', '100'];
    const plant = await startPlant(script, [...flags, '--state', state]);
    try {
      await bench.startSystem(['--plant', plant.endpoint, '--speed', '600']);
      await bench.send(dispatch('W-7', '4000008'));
      const started = await bench.told('mes.jobStarted');
      const ended = await bench.told('mes.jobEnded');
      assert.match(ended.text, /P-101 runs again/);
      assert.ok(
        Date.parse(ended.endedAt) - Date.parse(started.startedAt) > 2_500,
        'half a plant hour at speed 600 is 3 s',
      );
      await bench.send(dispatch('W-8', '4000009', { failureModeId: 'filler.nonsense' }));
      assert.match((await bench.told('mes.jobAborted')).reason, /plant refused/i);
    } finally {
      await kill(plant.child);
    }
  });
});

async function startPlant(script: string, args: readonly string[]) {
  let endpoint = '';
  const child = await startProcess(script, args, (line) => (endpoint = String(line['endpoint'])));
  return { child, endpoint };
}
