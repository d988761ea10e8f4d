import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, version as esbuildVersion } from 'esbuild';
import { messageOf } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';

/** A page's program and style for browsers. */
export interface Bundle {
  readonly script: Uint8Array;
  readonly style: Uint8Array;
  /** Changes with the content. */
  readonly version: string;
}

/** What to bundle and where to keep it. */
export interface BundleSource {
  /** Entry module, absolute path. */
  readonly entry: string;
  /** Folder whose files belong to the bundle; a change of one makes it stale. */
  readonly folder: string;
  /** Packages that belong to it, by name; a change of an installed version makes it stale. */
  readonly packages: readonly string[];
  /** Where the result is kept between starts. */
  readonly dist: string;
  /** Whose JSX it is. @default none */
  readonly jsxImportSource?: string;
}

const nodeModules = new URL('../node_modules/', import.meta.url);

/**
 * The bundle in `dist`, built anew when it is missing or made from something else than what is there now. Where `dist`
 * cannot be written the bundle is made for this process only.
 */
export async function loadBundle(source: BundleSource, log: Logger): Promise<Bundle> {
  const version = await sourceVersion(source);
  return (await readKept(source.dist, version)) ?? (await make(source, version, log));
}

async function sourceVersion(source: BundleSource): Promise<string> {
  const hash = createHash('sha256').update(`esbuild ${esbuildVersion}\n`);
  const files = await readdir(source.folder, { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  for (const path of paths.sort()) hash.update(path.slice(source.folder.length)).update(await readFile(path));
  for (const name of source.packages) hash.update(`${name} ${await installedVersion(name)}\n`);
  return hash.digest('hex').slice(0, 16);
}

/** Not every package exports its package.json, so it is read beside the others. */
async function installedVersion(name: string): Promise<string> {
  const text = await readFile(new URL(`${name}/package.json`, nodeModules), 'utf8').catch(() => '{}');
  return (JSON.parse(text) as { version?: string }).version ?? 'nested';
}

async function readKept(dist: string, version: string): Promise<Bundle | null> {
  try {
    const [stamp, script, style] = await Promise.all([
      readFile(join(dist, 'version.txt'), 'utf8'),
      readFile(join(dist, 'page.js')),
      readFile(join(dist, 'page.css')),
    ]);
    return stamp === version ? { script, style, version } : null;
  } catch {
    return null;
  }
}

async function make(source: BundleSource, version: string, log: Logger): Promise<Bundle> {
  const { outputFiles } = await build({
    entryPoints: [source.entry],
    outdir: source.dist,
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    legalComments: 'inline',
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.woff2': 'dataurl', '.woff': 'dataurl', '.ttf': 'dataurl', '.svg': 'dataurl' },
    ...(source.jsxImportSource ? { jsx: 'automatic' as const, jsxImportSource: source.jsxImportSource } : {}),
  });
  const file = (extension: string) =>
    outputFiles.find(({ path }) => path.endsWith(extension))?.contents ?? new Uint8Array();
  const bundle = { script: file('.js'), style: file('.css'), version };
  await keep(source.dist, bundle).catch((error: unknown) =>
    log.warn('A page bundle could not be kept', { dist: source.dist, reason: messageOf(error) }),
  );
  return bundle;
}

async function keep(dist: string, { script, style, version }: Bundle): Promise<void> {
  await mkdir(dist, { recursive: true });
  await writeFile(join(dist, 'page.js'), script);
  await writeFile(join(dist, 'page.css'), style);
  // Last, so that a bundle half written counts as stale.
  await writeFile(join(dist, 'version.txt'), version);
}
