import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { HubError, messageOf } from '#kernel/errors.ts';
import {
  detectStandard,
  planImport,
  type ImportDocument,
  type ImportFinding,
  type ImportLookups,
} from '#ontology/import.ts';
import { JsonText } from '#ontology/json-text.ts';
import { exitCodes, readArguments, UsageError, type ExitCode } from '../arguments.ts';
import type { Terminal } from '../terminal.ts';
import { hubOptions, hubOptionsHelp, hubUrl, type HubAccess } from './hub-client.ts';

export const modelsHelp = `twinhub models check PATH...     checks DTDL interfaces, twin graphs and AAS V3.0 environments (JSON) without a hub:
                                 everything they use must be among them or an ISA-95 concept of the hub (dtmi:twinhub:isa95:...)
twinhub models import PATH...    imports them into a running hub, all or nothing
  PATH           a file, or a folder whose .json files are taken, at any depth
  --strict       warnings count as findings too
For import:
  --dry-run      say what would change, change nothing
${hubOptionsHelp}
One finding a line: FILE:LINE:COLUMN CODE MESSAGE. Exit code 0 when fine, 1 with findings, 2 for wrong words, 3 when it cannot run.`;

/** What the command needs besides its words. */
export interface ModelsCommandDeps {
  readonly terminal: Terminal;
  /** A bearer token of somebody with the role integrator; asked for by `import` only. */
  readonly token: (access: HubAccess) => Promise<string>;
  /** The models that `check` takes as known. */
  readonly base: () => Promise<ImportLookups>;
  /** Aborted when the command is to end. */
  readonly signal?: AbortSignal;
}

/** `twinhub models`: findings on standard output, the summary on standard error. */
export async function modelsCommand(args: readonly string[], deps: ModelsCommandDeps): Promise<ExitCode> {
  const { values, positionals } = readArguments(args, {
    strict: { type: 'boolean', default: false },
    'dry-run': { type: 'boolean', default: false },
    ...hubOptions,
  });
  const [what, ...paths] = positionals;
  if (what !== 'check' && what !== 'import')
    throw new UsageError('Say what: models check PATH... or models import PATH...');
  if (!paths.length) throw new UsageError(`Say which files or folders to ${what}.`);
  const documents = readPaths(paths, deps.terminal);
  if (!documents.length) throw new UsageError('There is no model among these files.');
  if (what === 'check')
    return report(
      (await planImport(documents, await deps.base())).findings,
      values.strict,
      documents.length,
      deps.terminal,
    );
  return importInto(values, documents, { strict: values.strict, dryRun: values['dry-run'] }, deps);
}

/** Reads files; in folders, JSON that is none of the standards is left out and named. */
function readPaths(paths: readonly string[], terminal: Terminal): ImportDocument[] {
  return paths.flatMap((path) => {
    const full = resolve(terminal.cwd, path);
    const isFolder = statOf(full, path).isDirectory();
    const files = isFolder ? filesIn(full) : [full];
    return files.flatMap((file): ImportDocument[] => {
      const name = relative(terminal.cwd, file) || file;
      const content = readFileSync(file, 'utf8');
      const standard = detectStandard(content);
      if (standard) return [{ name, standard, content }];
      if (!isFolder)
        throw new UsageError(
          `${name} is neither a DTDL interface, nor a twin graph, nor an AAS environment.`,
        );
      terminal.err(`${name}: left out, neither a DTDL interface, nor a twin graph, nor an AAS environment`);
      return [];
    });
  });
}

function statOf(full: string, path: string) {
  try {
    return statSync(full);
  } catch (error) {
    throw new UsageError(`Cannot read ${path}: ${messageOf(error)}`, error);
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json') && !file.split(/[/\\]/).includes('node_modules'))
    .sort()
    .map((file) => join(folder, file));
}

type PlacedFinding = Pick<ImportFinding, 'document' | 'line' | 'column' | 'code' | 'message' | 'severity'>;

function report(
  findings: readonly PlacedFinding[],
  strict: boolean,
  documents: number,
  terminal: Terminal,
): ExitCode {
  for (const { document, line, column, code, message, severity } of findings) {
    terminal.out(
      `${document}:${line}:${column} ${code} ${severity === 'WARNING' ? 'warning: ' : ''}${message}`,
    );
  }
  const errors = findings.filter((finding) => finding.severity === 'ERROR').length;
  terminal.err(`${documents} document(s), ${errors} error(s), ${findings.length - errors} warning(s)`);
  return errors || (strict && findings.length) ? exitCodes.findings : exitCodes.fine;
}

const mutation = `mutation ImportModels($input: ImportModelsInput!) {
  importModels(input: $input) {
    created changed equal
    errors { code message advice }
    findings { document pointer code message severity }
  }
}`;

interface Payload {
  readonly created: number;
  readonly changed: number;
  readonly equal: number;
  readonly errors: readonly { readonly code: string; readonly message: string; readonly advice: string }[];
  readonly findings: readonly Pick<ImportFinding, 'document' | 'pointer' | 'code' | 'message' | 'severity'>[];
}

async function importInto(
  access: HubAccess,
  documents: readonly ImportDocument[],
  options: { strict: boolean; dryRun: boolean },
  deps: ModelsCommandDeps,
): Promise<ExitCode> {
  const payload = await send(access, { input: { documents, dryRun: options.dryRun } }, deps);
  const texts = new Map<string, JsonText>();
  for (const { name, content } of documents) {
    try {
      texts.set(name, JsonText.parse(content));
    } catch {
      // The hub reports it; it has no places inside.
      continue;
    }
  }
  const placed = payload.findings.map((finding) => ({
    ...finding,
    ...(texts.get(finding.document)?.placeOf(finding.pointer) ?? { line: 1, column: 1 }),
  }));
  const code = report(placed, options.strict, documents.length, deps.terminal);
  for (const error of payload.errors) deps.terminal.err(`${error.code} ${error.message} ${error.advice}`);
  if (payload.errors.length) return exitCodes.findings;
  deps.terminal.err(
    `${options.dryRun ? 'would be ' : ''}created ${payload.created}, changed ${payload.changed}, equal ${payload.equal}`,
  );
  return code;
}

async function send(access: HubAccess, variables: unknown, deps: ModelsCommandDeps): Promise<Payload> {
  const url = hubUrl(deps.terminal, access);
  const token = await deps.token(access);
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ query: mutation, operationName: 'ImportModels', variables }),
      ...(deps.signal ? { signal: deps.signal } : {}),
    });
  } catch (error) {
    throw new HubError(
      'CONNECTOR_UNREACHABLE',
      `No hub answers at ${url}: ${messageOf(error)}. Is it running? Use --url for another address.`,
      { cause: error },
    );
  }
  const answer = (await response.json().catch(() => null)) as {
    data?: { importModels?: Payload } | null;
    errors?: { message: string }[];
  } | null;
  const payload = answer?.data?.importModels;
  if (payload) return payload;
  const reason = answer?.errors?.map((error) => error.message).join('; ') ?? `HTTP status ${response.status}`;
  throw new HubError('CONNECTOR_REFUSED', `The hub at ${url} refused the import: ${reason}`);
}
