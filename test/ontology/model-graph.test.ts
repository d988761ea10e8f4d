import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Model } from '#ontology/model.ts';
import { ModelGraph } from '#ontology/model-graph/index.ts';
import { lineageIn } from '#ontology/twin-graph.ts';
import { idOf, model, property } from './model-graph-support.ts';

describe('a graph of models', () => {
  const graph = new ModelGraph([
    model('Thing', { contents: [property('name')] }),
    model('Pump', { extends: ['Thing'], contents: [property('flow')] }),
    model('Heated', { extends: ['Thing'], contents: [property('heat'), property('name', 'string')] }),
    model('HotPump', { extends: ['Pump', 'Heated', 'Gone'] }),
  ]);

  test('tells what a model is a kind of, also of bases that are not there', () => {
    assert.ok(graph.isSubtype(idOf('HotPump'), idOf('Thing')));
    assert.ok(graph.isSubtype(idOf('HotPump'), idOf('Gone')));
    assert.ok(graph.isSubtype(idOf('Thing'), idOf('Thing')));
    assert.ok(!graph.isSubtype(idOf('Thing'), idOf('HotPump')));
    assert.ok(!graph.isSubtype(idOf('Pump'), idOf('Heated')));
    assert.ok(!graph.isSubtype('dtmi:test:Nobody;1', idOf('Thing')));
    assert.deepEqual([...graph.ancestors(idOf('Pump'))], [idOf('Thing')]);
    assert.deepEqual(graph.subtypes(idOf('Thing')), [idOf('Pump'), idOf('Heated'), idOf('HotPump')]);
    assert.deepEqual(graph.derived(idOf('Pump')), [idOf('HotPump')]);
  });

  test('gives all contents, the nearest declaration first', () => {
    const contents = graph.contents(idOf('HotPump'));
    assert.deepEqual([...contents.keys()], ['flow', 'heat', 'name']);
    assert.equal(contents.get('name')?.declaredBy, idOf('Heated'));
    assert.equal(graph.contents(idOf('HotPump')), contents, 'worked out once');
    assert.equal(graph.contents('dtmi:test:Nobody;1').size, 0);
    assert.deepEqual(graph.lineage('dtmi:test:Nobody;1'), []);
  });

  test('answers for a ring of models, which no reader lets through', () => {
    const ring = new ModelGraph([
      model('A', { extends: ['B'] }),
      model('B', { extends: ['C'] }),
      model('C', { extends: ['A'] }),
    ]);
    assert.ok(ring.isSubtype(idOf('A'), idOf('B')));
    assert.equal(ring.lineage(idOf('B')).length, 3);
  });

  test('agrees with following the bases one by one, on any models', () => {
    const sketches = fc.array(fc.uniqueArray(fc.nat(40), { maxLength: 4 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(sketches, (bases) => {
        // Bases with smaller numbers only, so that there is no ring.
        const models = bases.map((found, i) =>
          model(`M${i}`, { extends: found.filter((base) => base < i).map((base) => `M${base}`) }),
        );
        const known = new Map<string, Model>(models.map((one) => [one.id, one]));
        const all = new ModelGraph(models);
        for (const one of models) {
          const lineage = lineageIn(one.id, known) ?? [];
          assert.deepEqual(
            all.lineage(one.id).map(({ id }) => id),
            lineage.map(({ id }) => id),
          );
          for (const other of models)
            assert.equal(
              all.isSubtype(one.id, other.id),
              lineage.some(({ id }) => id === other.id),
            );
        }
      }),
      { numRuns: 100 },
    );
  });

  test('takes a lattice with countless ways, and a chain of thousands', () => {
    // 60 levels of three models, each on all three below: 3^60 ways to the bottom.
    const lattice = Array.from({ length: 60 }, (_, level) =>
      ['a', 'b', 'c'].map((side) =>
        model(`L${level}${side}`, {
          extends: level ? ['a', 'b', 'c'].map((below) => `L${level - 1}${below}`) : [],
          contents: [property(`p${level}${side}`)],
        }),
      ),
    ).flat();
    const found = new ModelGraph(lattice);
    assert.equal(found.ancestors(idOf('L59a')).size, 59 * 3);
    assert.equal(found.contents(idOf('L59a')).size, 59 * 3 + 1);
    const chain = new ModelGraph(
      Array.from({ length: 3_000 }, (_, i) => model(`C${i}`, { extends: i ? [`C${i - 1}`] : [] })),
    );
    assert.ok(chain.isSubtype(idOf('C2999'), idOf('C0')));
  });
});
