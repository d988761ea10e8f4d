import type { DtdlReadOptions } from '#ontology/dtdl/index.ts';
import { planImport, type ImportDocument, type ImportFinding, type ImportLookups } from '#ontology/import.ts';
import type { ExitCode } from '../../arguments.ts';
import type { Terminal } from '../../terminal.ts';
import { readFiles, type WantedStandard } from './files.ts';
import { report, type ReportFormat } from './report.ts';

/** What `models check` was asked. */
export interface CheckOptions {
  readonly strict: boolean;
  readonly standard?: WantedStandard;
  readonly format: ReportFormat;
  readonly dtdl: DtdlReadOptions;
  /** Folder or address of a repository; `null` for none. */
  readonly repository: string | null;
}

export interface CheckDeps {
  readonly terminal: Terminal;
  readonly base: () => Promise<ImportLookups>;
  readonly signal?: AbortSignal;
}

/** Checks files without a hub. */
export async function checkModels(
  paths: readonly string[],
  options: CheckOptions,
  deps: CheckDeps,
): Promise<ExitCode> {
  const read = await readFiles(paths, deps.terminal, options.standard);
  const known = await deps.base();
  const added = await fromRepository(read.documents, known, options, deps);
  const judged = options.strict ? await strictly(read.documents) : { findings: [], rest: read.documents };
  const hasTwins = read.documents.some(({ standard }) => standard === 'TWIN_GRAPH');
  const planned: ImportFinding[] = [];
  for (const documents of togetherOf([...judged.rest, ...added], hasTwins))
    planned.push(...(await planImport(documents, known, options.dtdl)).findings);
  return report(
    inOrder(
      [
        ...read.findings,
        ...judged.findings,
        ...planned.filter(({ code }) => hasTwins || !needsTwins.includes(code)),
      ],
      read.documents,
    ),
    { strict: options.strict, documents: read.files.length, format: options.format },
    deps.terminal,
  );
}

/** Rules about which twin a shell belongs to: they say nothing where there are shells alone. */
const needsTwins = ['hub:shellWithoutTwin'];

/** What is judged together: with twins everything, for they use it; without, each environment stands for itself. */
function togetherOf(
  documents: readonly ImportDocument[],
  hasTwins: boolean,
): readonly (readonly ImportDocument[])[] {
  if (hasTwins) return [documents];
  const isAas = ({ standard }: ImportDocument) => standard === 'AAS';
  const others = documents.filter((document) => !isAas(document));
  return [...(others.length ? [others] : []), ...documents.filter(isAas).map((document) => [document])];
}

/** AAS by the letter of the standard; what is right by it needs no second reading. */
async function strictly(
  documents: readonly ImportDocument[],
): Promise<{ findings: readonly ImportFinding[]; rest: readonly ImportDocument[] }> {
  const { checkAasJson, checkAasXml } = await import('#ontology/aas/check.ts');
  const rest = documents.filter(({ standard }) => standard !== 'AAS');
  const findings = documents
    .filter(({ standard }) => standard === 'AAS')
    .flatMap(({ name, content }) => {
      const check = /^\uFEFF?\s*</.test(content) ? checkAasXml : checkAasJson;
      return check(name, content, { mode: 'strict' }).findings;
    });
  return { findings, rest };
}

async function fromRepository(
  documents: readonly ImportDocument[],
  known: ImportLookups,
  { repository, dtdl }: CheckOptions,
  { terminal, signal }: CheckDeps,
): Promise<readonly ImportDocument[]> {
  if (repository === null) return [];
  const { repositoryAt } = await import('./repository.ts');
  const { resolveModels } = await import('#ontology/model-resolution.ts');
  const resolver = repositoryAt(repository, terminal);
  const options = { dtdl, ...(signal ? { signal } : {}) };
  return (await resolveModels(documents, known, resolver, options)).documents;
}

function inOrder(
  findings: readonly ImportFinding[],
  documents: readonly ImportDocument[],
): readonly ImportFinding[] {
  const position = new Map(documents.map(({ name }, i) => [name, i]));
  const placeOf = ({ document }: ImportFinding) => position.get(document) ?? documents.length;
  return [...findings].sort((a, b) => placeOf(a) - placeOf(b) || a.line - b.line || a.column - b.column);
}
