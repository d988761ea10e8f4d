import { exitCodes, readArguments, UsageError, type ExitCode } from '../arguments.ts';
import type { ImportLookups } from '#ontology/import.ts';
import type { Terminal } from '../terminal.ts';
import { hubOptions, type HubAccess } from './hub-options.ts';

export { modelsHelp } from './models/help.ts';

/** What the command needs besides its words. */
export interface ModelsCommandDeps {
  readonly terminal: Terminal;
  /** A bearer token of somebody with the role integrator; asked for by `import` and `export` only. */
  readonly token: (access: HubAccess) => Promise<string>;
  /** The models that `check` and `diff` take as known; not in a batch. */
  readonly base: () => Promise<ImportLookups>;
  /** What `--batch -` reads. @default standard input */
  readonly input?: AsyncIterable<Uint8Array>;
  /** Aborted when the command is to end. */
  readonly signal?: AbortSignal;
}

const options = {
  strict: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  'create-twins': { type: 'boolean', default: false },
  standard: { type: 'string' },
  format: { type: 'string' },
  output: { type: 'string', short: 'o' },
  batch: { type: 'string' },
  json: { type: 'boolean', default: false },
  sarif: { type: 'boolean', default: false },
  repository: { type: 'string' },
  'undefined-extensions': { type: 'string' },
  'limit-context': { type: 'string', multiple: true },
  'max-version': { type: 'string' },
  ...hubOptions,
} as const;

type Values = ReturnType<typeof readArguments<typeof options>>['values'];

/** `twinhub models`: results on standard output, the summary on standard error. */
export async function modelsCommand(args: readonly string[], deps: ModelsCommandDeps): Promise<ExitCode> {
  const { values, positionals } = readArguments(args, options);
  const [what, ...paths] = positionals;
  // Each part is loaded when it is asked for: a check in a partner's pipeline starts in no time.
  switch (what) {
    case 'check':
      return values.batch === undefined ? check(paths, values, deps) : batch(paths, values.batch, deps);
    case 'diff':
      return diff(paths, values, deps);
    case 'import':
      return importInto(paths, values, deps);
    case 'export':
      return exportFrom(paths, values, deps);
    default:
      throw new UsageError(
        'Say what: models check PATH..., models diff OLD NEW, models import PATH..., or models export.',
      );
  }
}

async function check(paths: readonly string[], values: Values, deps: ModelsCommandDeps): Promise<ExitCode> {
  if (!paths.length) throw new UsageError('Say which files or folders to check.');
  if (values.json && values.sarif) throw new UsageError('--json and --sarif: one of them.');
  const standard = oneOf('--standard', values.standard, ['dtdl', 'aas'] as const);
  const { checkModels } = await import('./models/check.ts');
  return checkModels(
    paths,
    {
      strict: values.strict,
      format: values.sarif ? 'sarif' : values.json ? 'json' : 'lines',
      dtdl: dtdlOptions(values),
      repository: repositoryOf(values, deps),
      ...(standard ? { standard } : {}),
    },
    deps,
  );
}

function repositoryOf({ repository }: Values, { terminal }: ModelsCommandDeps): string | null {
  return repository ?? terminal.env['TWINHUB_MODELS_REPOSITORY'] ?? null;
}

function dtdlOptions(values: Values) {
  const undefinedExtensions = oneOf('--undefined-extensions', values['undefined-extensions'], [
    'allow',
    'disallow',
  ] as const);
  const limitContexts = values['limit-context'];
  const version = values['max-version'];
  if (version !== undefined && !/^\d{1,3}$/.test(version))
    throw new UsageError(`--max-version is a whole number, not ${JSON.stringify(version)}.`);
  return {
    ...(undefinedExtensions ? { undefinedExtensions } : {}),
    ...(limitContexts ? { limitContexts } : {}),
    ...(version === undefined ? {} : { maxVersion: Number(version) }),
  };
}

async function batch(paths: readonly string[], file: string, deps: ModelsCommandDeps): Promise<ExitCode> {
  if (paths.length) throw new UsageError('A batch is one file: models check --batch FILE.jsonl');
  const { checkBatch } = await import('./models/batch.ts');
  return checkBatch({ file, ...(deps.input ? { input: deps.input } : {}) }, deps.terminal);
}

async function diff(paths: readonly string[], { json }: Values, deps: ModelsCommandDeps): Promise<ExitCode> {
  const [before, after, ...more] = paths;
  if (before === undefined || after === undefined || more.length)
    throw new UsageError('Say two files or folders: models diff OLD NEW');
  const { diffFiles } = await import('./models/diff.ts');
  return diffFiles([before, after], { json }, deps);
}

async function importInto(
  paths: readonly string[],
  values: Values,
  deps: ModelsCommandDeps,
): Promise<ExitCode> {
  if (!paths.length) throw new UsageError('Say which files or folders to import.');
  const { importFiles } = await import('./models/import.ts');
  return importFiles(
    paths,
    {
      strict: values.strict,
      dryRun: values['dry-run'],
      createTwins: values['create-twins'],
      repository: repositoryOf(values, deps),
    },
    values,
    deps,
  );
}

async function exportFrom(
  ids: readonly string[],
  values: Values,
  deps: ModelsCommandDeps,
): Promise<ExitCode> {
  const standard = oneOf('--standard', values.standard, ['dtdl', 'aas', 'twins'] as const) ?? 'dtdl';
  const format = oneOf('--format', values.format, ['json', 'xml', 'aasx'] as const) ?? 'json';
  if (format !== 'json' && standard !== 'aas')
    throw new UsageError(`--format ${format} is for --standard aas.`);
  const { exportFiles } = await import('./models/export.ts');
  await exportFiles(ids, { standard, format, output: values.output ?? null }, values, deps);
  return exitCodes.fine;
}

function oneOf<const T extends string>(
  name: string,
  value: string | undefined,
  allowed: readonly T[],
): T | undefined {
  const found = allowed.find((one) => one === value);
  if (value !== undefined && found === undefined)
    throw new UsageError(`${name} is ${allowed.join(' or ')}, not ${JSON.stringify(value)}.`);
  return found;
}
