import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { modelsCommand } from '#deploy/commands/models.ts';
import { noLookups } from '#ontology/import.ts';

const folder = mkdtempSync(join(tmpdir(), 'twinhub-models-command-'));
/** Writes a file into the folder that the command runs in. */
export const write = (name: string, content: string | Uint8Array) => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
};
after(() => rmSync(folder, { recursive: true }));

/** Runs the command with its output caught. */
export async function run(
  args: readonly string[],
  more: { env?: Record<string, string>; input?: AsyncIterable<Uint8Array> } = {},
) {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = {
    out: (line: string) => void out.push(...line.split('\n')),
    err: (line: string) => void err.push(line),
    env: more.env ?? {},
    cwd: folder,
  };
  const code = await modelsCommand(args, {
    terminal,
    token: async () => '',
    base: async () => noLookups,
    ...(more.input ? { input: more.input } : {}),
  });
  return { code, out, err, json: () => JSON.parse(out.join('\n')) as unknown };
}

/** An interface. */
export const thing = (name: string, more: object = {}) => ({
  '@context': 'dtmi:dtdl:context;3',
  '@id': `dtmi:com:example:${name};1`,
  '@type': 'Interface',
  ...more,
});
/** One whose property has a name that is none. */
export const badThing = thing('Bad', { contents: [{ '@type': 'Property', name: '1st', schema: 'double' }] });
export const submodel = { modelType: 'Submodel', id: 'urn:test:data', idShort: 'Data' };
/** An environment in XML, with one submodel. */
export const xml = `<?xml version="1.0"?>
<environment xmlns="https://admin-shell.io/aas/3/0"><submodels><submodel><id>urn:test:x</id></submodel></submodels></environment>`;
