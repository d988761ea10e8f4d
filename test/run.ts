import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import type { Env } from '#kernel/config.ts';
import { withServices } from './services/index.ts';

/**
 * `npm test`: types, format, lint, then every test with real Neo4j, InfluxDB and RabbitMQ, then end to end.
 * `npm test -- PATH...` runs only those test files (with the servers where a path is under test/contract).
 */
interface Step {
  readonly name: string;
  readonly run: (env: Env) => Promise<number>;
}

const node = process.execPath;

function program(command: string, ...args: string[]) {
  return (env: Env) =>
    new Promise<number>((resolve) => {
      const child = spawn(command, args, { stdio: 'inherit', env });
      child.once('error', () => resolve(3));
      child.once('exit', (code) => resolve(code ?? 3));
    });
}

function script(path: string, ...args: string[]) {
  return program(node, `node_modules/${path}`, ...args);
}

/** Few at a time: machines have two cores, and the real servers want some of them. */
function nodeTests(files: readonly string[], concurrency: number) {
  return program(
    node,
    '--disable-warning=ExperimentalWarning',
    '--test',
    `--test-concurrency=${concurrency}`,
    '--test-timeout=600000',
    ...files,
  );
}

function testFiles(): { hub: string[]; endToEnd: string[] } {
  const all = globSync('test/**/*.test.ts', { exclude: ['test/bench/**'] }).sort();
  return {
    hub: all.filter((file) => !file.startsWith('test/e2e/')),
    endToEnd: all.filter((file) => file.startsWith('test/e2e/')),
  };
}

const files = testFiles();
const all: readonly Step[] = [
  { name: 'types', run: script('typescript/bin/tsc', '-p', '.') },
  { name: 'types of the console', run: script('typescript/bin/tsc', '-p', 'gateway/console') },
  { name: 'format', run: script('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.') },
  { name: 'lint', run: script('eslint/bin/eslint.js', '.', '--max-warnings', '0') },
  {
    name: 'unit, contract and integration tests',
    run: (env) => withServices(['neo4j', 'influx', 'rabbit'], nodeTests(files.hub, 2), env),
  },
  { name: 'end to end', run: nodeTests(files.endToEnd, 1) },
];

async function run(steps: readonly Step[]): Promise<number> {
  const failed: string[] = [];
  for (const { name, run: step } of steps) {
    const begun = performance.now();
    process.stdout.write(`\n== ${name}\n`);
    const code = await step(process.env);
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    process.stdout.write(
      `== ${name}: ${code === 0 ? 'passed' : `FAILED (exit code ${code})`} in ${seconds} s\n`,
    );
    if (code !== 0) failed.push(name);
  }
  process.stdout.write(failed.length ? `\nFAILED: ${failed.join(', ')}\n` : '\nAll passed.\n');
  return failed.length ? 1 : 0;
}

const asked = process.argv.slice(2);
const chosen: readonly Step[] = [
  {
    name: asked.join(' '),
    run: asked.some((file) => file.startsWith('test/contract'))
      ? (env) => withServices(['neo4j', 'influx', 'rabbit'], nodeTests(asked, 1), env)
      : nodeTests(asked, 1),
  },
];
process.exitCode = await run(asked.length ? chosen : all);
