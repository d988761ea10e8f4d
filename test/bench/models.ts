import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { readDtdl, type DtdlDocument } from '#ontology/dtdl/index.ts';
import { JsonText } from '#ontology/json-text.ts';
import { formatTable, row, type Row } from './support/rows.ts';

const help = `npm run bench:models -- [--interfaces N] [--json FILE]
Reads an ontology of DTDL interfaces with extends depth 10, as text, and checks all of it.
  --interfaces N   how many (default 3700)
  --json FILE      the rows as JSON, too`;

const depth = 10;

/** Interfaces in chains of ten, each with four properties, a telemetry with a unit and a relationship. */
function ontology(count: number): string {
  const id = (i: number) => `dtmi:bench:Kind${i};1`;
  const one = (i: number) => ({
    '@context': ['dtmi:dtdl:context;3', 'dtmi:dtdl:extension:quantitativeTypes;1'],
    '@id': id(i),
    '@type': 'Interface',
    displayName: { en: `Kind ${i}` },
    ...(i % depth ? { extends: id(i - 1) } : {}),
    contents: [
      ...['maker', 'type', 'serial', 'place'].map((name) => ({
        '@type': 'Property',
        name: `${name}${i}`,
        schema: 'string',
        writable: true,
      })),
      { '@type': ['Telemetry', 'Temperature'], name: `t${i}`, schema: 'double', unit: 'degreeCelsius' },
      { '@type': 'Relationship', name: `feeds${i}`, target: id((i * 7) % count) },
    ],
  });
  return JSON.stringify(Array.from({ length: count }, (_, i) => one(i)));
}

function timed<T>(work: () => T): { ms: number; result: T } {
  const begun = performance.now();
  const result = work();
  return { ms: performance.now() - begun, result };
}

function read(text: string): void {
  const documents: DtdlDocument[] = [{ name: 'ontology.json', text: JsonText.parse(text) }];
  const { models, findings } = readDtdl(documents);
  if (findings.length || !models.length) throw new Error(`Not valid: ${JSON.stringify(findings[0])}`);
}

const { values } = parseArgs({
  options: {
    interfaces: { type: 'string', default: '3700' },
    json: { type: 'string' },
    help: { type: 'boolean' },
  },
});
const count = Number(values.interfaces);
if (values.help || !Number.isInteger(count) || count < 1) {
  process.stderr.write(`${help}\n`);
  process.exit(values.help ? 0 : 2);
}
const text = ontology(count);
const megabytes = Buffer.byteLength(text) / 1e6;
const before = process.memoryUsage.rss();
const cold = timed(() => read(text)).ms;
const memory = (process.memoryUsage.rss() - before) / 1024 / 1024;
const warm = Math.min(...Array.from({ length: 3 }, () => timed(() => read(text)).ms));
const parse = Math.min(...Array.from({ length: 3 }, () => timed(() => JSON.parse(text) as unknown).ms));
const baseline = { name: 'JSON.parse', value: parse };
const rows: Row[] = [
  row(`${count} interfaces, extends depth ${depth}: JSON.parse`, parse, 'ms'),
  row(`${count} interfaces, extends depth ${depth}: first reading`, cold, 'ms', baseline),
  row(`${count} interfaces, extends depth ${depth}: later reading`, warm, 'ms', baseline),
  row('interfaces a second', (count / warm) * 1000, '1/s'),
  row('text a second', (megabytes / warm) * 1000, 'MB/s'),
  row('memory of the first reading', memory, 'MiB'),
];
process.stdout.write(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores\n${formatTable(rows)}\n`,
);
if (values.json) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
