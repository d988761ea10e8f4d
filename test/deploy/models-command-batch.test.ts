import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { judgeLine } from '#deploy/commands/models/batch-case.ts';
import { asOutput } from '#deploy/commands/models/batch-output.ts';
import { BatchPool } from '#deploy/commands/models/batch-pool.ts';
import { badThing, run, submodel, thing, xml } from './models-command-support.ts';

interface Verdict {
  readonly id: unknown;
  readonly valid: boolean;
  readonly errors: readonly { readonly code: string; readonly message: string; readonly path: string }[];
  readonly unresolved?: readonly string[];
}

/** The verdicts of a batch given as lines, or as parts of bytes. */
async function batch(lines: readonly (string | object)[], size = Infinity): Promise<readonly Verdict[]> {
  const bytes = Buffer.from(
    lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
  );
  async function* parts() {
    for (let at = 0; at < bytes.length; at += Math.min(size, bytes.length))
      yield bytes.subarray(at, at + size);
  }
  const { code, out } = await run(['check', '--batch', '-'], { input: parts() });
  assert.equal(code, 0);
  return out.map((line) => JSON.parse(line) as Verdict);
}

const summary = ({ id, valid, errors, unresolved }: Verdict) =>
  `${JSON.stringify(id)} ${valid} ${errors.map(({ code, path }) => `${code}@${path}`).join(',')}${unresolved ? ` ${unresolved.join()}` : ''}`;

describe('models check --batch', () => {
  test('judges every kind of case, in order, and none ends the batch', async () => {
    const verdicts = await batch([
      { id: 'good', input: [thing('Good')] },
      { id: 'together', input: [thing('A', { extends: 'dtmi:com:example:B;1' }), thing('B')] },
      { id: 'bad', input: [thing('Good'), badThing] },
      { id: 'alone', input: thing('Good') },
      { id: 'text', input: [JSON.stringify(badThing)] },
      { id: 'noText', input: ['{"a":'] },
      '{',
      '[]',
      '',
      '   ',
      { input: [thing('Good')] },
      { id: null },
      { id: 'two', input: [], aas: {} },
      { id: 'aas', aas: { submodels: [submodel] } },
      { id: 'badAas', aas: { submodels: [{ ...submodel, id: '' }] } },
      { id: 'xml', aasXml: xml },
      { id: 'badXml', aasXml: '<environment>' },
      { id: 'noXml', aasXml: {} },
      { id: { any: ['thing'] }, input: [thing('Good')] },
      { id: 7, input: [thing('Good')], maxVersion: 2 },
      { id: 8, input: [thing('Good')], maxVersion: 'x' },
    ]);
    assert.deepEqual(
      verdicts.map(summary).map((line) => line.replace(/(aas|hub):(minLength|notXml|notAas)@.*/, '$1')),
      [
        '"good" true ',
        '"together" true ',
        '"bad" false stringInvalid@/1/contents/0/name',
        '"alone" true ',
        '"text" false stringInvalid@/0/contents/0/name',
        '"noText" false hub:notJson@/0',
        'null false hub:notJson@',
        'null false hub:notACase@',
        'null false hub:missingId@',
        'null false hub:notACase@',
        '"two" false hub:notACase@',
        '"aas" true ',
        '"badAas" false aas',
        '"xml" true ',
        '"badXml" false hub',
        '"noXml" false hub:notACase@',
        '{"any":["thing"]} true ',
        '7 false disallowedContextVersion@/0/@context',
        '8 false hub:notACase@',
      ],
    );
  });

  test('what nothing defines makes a case invalid and is named, the concepts of the hub too', async () => {
    const [verdict] = await batch([
      { id: 1, input: [thing('A', { extends: ['dtmi:twinhub:isa95:Asset;1', 'dtmi:com:example:Gone;1'] })] },
    ]);
    assert.equal(verdict?.valid, false);
    assert.deepEqual(verdict.errors, [], 'told as unresolved alone');
    assert.deepEqual([...(verdict.unresolved ?? [])].sort(), [
      'dtmi:com:example:Gone;1',
      'dtmi:twinhub:isa95:Asset;1',
    ]);
  });

  test('options of a case hold for it alone', async () => {
    const foreign = thing('F', { '@context': ['dtmi:dtdl:context;3', 'dtmi:foreign:ext;1'] });
    const verdicts = await batch([
      { id: 1, input: [foreign] },
      { id: 2, input: [foreign], undefinedExtensions: 'allow' },
      { id: 3, input: [foreign], undefinedExtensions: 'disallow' },
      { id: 4, input: [foreign], undefinedExtensions: null },
      { id: 5, input: [foreign], undefinedExtensions: 'sometimes' },
    ]);
    assert.deepEqual(
      verdicts.map(({ valid }) => valid),
      [false, true, false, false, false],
    );
  });

  test('the texts of numbers matter', async () => {
    const of = (value: string) =>
      JSON.stringify({
        id: value,
        input: [thing('N', { contents: [{ '@type': 'Relationship', name: 'r', maxMultiplicity: 'HERE' }] })],
      }).replace('"HERE"', value);
    const verdicts = await batch([of('3'), of('3.5'), of('"3"')]);
    assert.deepEqual(
      verdicts.map(({ valid }) => valid),
      [true, false, false],
    );
  });

  test('a line is a line however its bytes come', async () => {
    const lines = Array.from({ length: 300 }, (_, i) => ({
      id: `é${i}\u0085\u2028`,
      input: i % 3 ? [thing('Good')] : [badThing],
    }));
    for (const size of [7, 1_000]) {
      const verdicts = await batch(lines, size);
      assert.deepEqual(
        verdicts.map(({ id, valid }) => [id, valid]),
        lines.map(({ id }, i) => [id, i % 3 > 0]),
      );
    }
  });

  test('hostile documents get a verdict', async () => {
    const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    const chain = Array.from({ length: 1_000 }, (_, i) =>
      thing(`C${i}`, i ? { extends: `dtmi:com:example:C${i - 1};1` } : {}),
    );
    let schema: object = { '@type': 'Array', elementSchema: 'double' };
    for (let i = 0; i < 100; i++) schema = { '@type': 'Array', elementSchema: schema };
    const verdicts = await batch([
      `{"id":"deep","input":${deep(100_000)}}`,
      { id: 'chain', input: chain },
      { id: 'schema', input: [thing('S', { contents: [{ '@type': 'Property', name: 'p', schema }] })] },
      `{"id":"proto","input":[{"__proto__":{"@id":1},"@context":"dtmi:dtdl:context;3","@id":"dtmi:a:b;1","@type":"Interface"}]}`,
      { id: 'entities', aasXml: '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>' },
      { id: 'after', input: [thing('Good')] },
    ]);
    assert.deepEqual(
      verdicts.map(({ id, valid }) => [id, valid]),
      [
        [null, false],
        ['chain', false],
        ['schema', false],
        ['proto', false],
        ['entities', false],
        ['after', true],
      ],
    );
  });

  test('any case at all gets a verdict with its id', async () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom(thing('Good'), badThing, [thing('Good')], '{"@id":1}'),
    );
    const cases = fc.record(
      {
        input: value,
        aas: value,
        aasXml: value,
        maxVersion: value,
        limitContexts: value,
        undefinedExtensions: value,
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 1 }), cases, async (id, rest) => {
        const { errors, ...verdict } = await judgeLine(JSON.stringify({ ...rest, id }));
        assert.deepEqual(verdict.id, JSON.parse(JSON.stringify(id)));
        assert.ok(!errors.some(({ code }) => code === 'hub:internal'), JSON.stringify(errors));
        assert.equal(verdict.valid, !errors.length && !verdict.unresolved);
      }),
      { numRuns: 300 },
    );
  });

  test('what somebody sends and waits for is answered before the next is sent, in a process of its own', async () => {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', 'deploy/main.ts', 'models', 'check', '--batch', '-'],
      {
        cwd: join(import.meta.dirname, '..', '..'),
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    const ended = once(child, 'exit');
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    for (const id of [1, 2, 3]) {
      child.stdin.write(`${JSON.stringify({ id, input: [thing('Good')] })}\n`);
      const { value } = await answers.next();
      assert.deepEqual(JSON.parse(String(value)), { id, valid: true, errors: [] });
    }
    child.stdin.end(JSON.stringify({ id: 'last', input: [badThing] }));
    assert.equal((JSON.parse(String((await answers.next()).value)) as Verdict).id, 'last');
    assert.deepEqual(await ended, [0, null]);
  });

  test('a thread that does not answer in time is given up for that line alone', async () => {
    const good = (id: number) => JSON.stringify({ id, input: [thing('Good')] });
    // 20,000 interfaces, each broken, take longer than a hundredth of a second on any machine.
    const slow = JSON.stringify({
      id: 'slow',
      input: Array.from({ length: 20_000 }, (_, i) => ({ ...badThing, '@id': `dtmi:com:example:B${i};1` })),
    });
    const given: string[] = [];
    const pool = new BatchPool({
      threads: 1,
      timeoutMs: 10,
      giveUp: (line, why) => {
        given.push(why);
        return asOutput({ id: line === slow ? 'slow' : 'other', valid: false, errors: [] });
      },
    });
    const answers = (await pool.judge([good(1), slow, good(2)])).map(
      (line) => (JSON.parse(line) as Verdict).id,
    );
    await pool.close();
    assert.equal(answers.length, 3);
    assert.equal(answers[1], 'slow');
    assert.ok(given.length >= 1 && given.every((why) => why === 'slow'), given.join());
  });
});
