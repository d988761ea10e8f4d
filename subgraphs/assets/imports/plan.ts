import type { TwinId } from '#ontology/ids.ts';
import {
  planImport,
  type ImportDocument,
  type ImportFinding,
  type ImportLookups,
  type PlannedFile,
} from '#ontology/import.ts';
import { planPartially } from '#ontology/import-partial.ts';
import type { PlannedSample } from '#ontology/import/series.ts';
import type { ImportFormat } from '#ontology/import-job.ts';
import type { Model } from '#ontology/model.ts';
import type { TwinChanges } from '#ontology/ports/twin-store.ts';
import { relationshipChange, twinChange, type Change } from './changes.ts';
import { readDocument } from './documents.ts';
import { keepFiles } from './files.ts';
import type { PlanRequest, PlanResult } from './messages.ts';
import { modelChange, newestBefore, pathOf } from './model-changes.ts';
import { chunksOf, partsOf } from './parts.ts';
import type { Call, WorkerLookups } from './worker-lookups.ts';

type AllChanges = Required<TwinChanges>;

interface Plan {
  readonly ok: boolean;
  readonly changes: AllChanges;
  readonly findings: readonly ImportFinding[];
  readonly refused: number;
  readonly files: readonly PlannedFile[];
  readonly samples: readonly PlannedSample[];
}

const listsOf = 500;

/** Plans one import within the worker: reads the files, tells what it finds, and hands over what is to be written. */
export async function planJob(request: PlanRequest, call: Call, known: WorkerLookups): Promise<void> {
  const read = await readAll(request, call);
  await call('planning', null);
  const plan = await planAll(request, read, known);
  for (const findings of slices(plan.findings, listsOf)) await call('findings', findings);
  if (!plan.ok) {
    const nothing = { created: 0, changed: 0, equal: 0, parts: 0, changesTruncated: false };
    return call('finish', { ok: false, ...nothing, refused: plan.refused });
  }
  const { counts, truncated } = await tellChanges(plan.changes, request, call, known);
  if (!request.dryRun) await keepFiles(plan.files, request.documents, call);
  for (const samples of request.dryRun ? [] : slices(plan.samples, listsOf)) await call('samples', samples);
  const parts = request.dryRun ? 0 : await stageAll(plan.changes, request.partial, call, known);
  const result: PlanResult = {
    ok: true,
    ...counts,
    refused: plan.refused,
    parts,
    changesTruncated: truncated,
  };
  await call('finish', result);
}

interface Read {
  readonly documents: readonly ImportDocument[];
  readonly findings: readonly ImportFinding[];
}

async function readAll({ documents }: PlanRequest, call: Call): Promise<Read> {
  const found: ImportDocument[] = [];
  const findings: ImportFinding[] = [];
  for (const [index, document] of documents.entries()) {
    const read = await readDocument(document);
    for (const one of read.documents) found.push(one);
    for (const one of read.findings) findings.push(one);
    const format: ImportFormat | null = read.format;
    await call('documentRead', { index, format });
  }
  return { documents: found, findings };
}

async function planAll(request: PlanRequest, read: Read, known: ImportLookups): Promise<Plan> {
  const judge = (findings: readonly ImportFinding[]) =>
    request.strict ? findings.map((finding) => ({ ...finding, severity: 'ERROR' as const })) : findings;
  const unread = judge(read.findings);
  if (request.partial) {
    const plan = await planPartially(read.documents, known, {
      strict: request.strict,
      createTwins: request.createTwins,
    });
    const { changes, refused, files, samples } = plan;
    return {
      ok: true,
      changes,
      files,
      samples,
      findings: [...unread, ...judge(plan.findings)],
      refused: refused.length,
    };
  }
  const plan = await planImport(read.documents, known, { createTwins: request.createTwins });
  const findings = [...unread, ...judge(plan.findings)];
  const ok = !findings.some(({ severity }) => severity === 'ERROR');
  return { ok, changes: plan.changes, files: plan.files, samples: plan.samples, findings, refused: 0 };
}

/** Tells the diff item by item and counts it. */
async function tellChanges(
  { models, twins, relationships }: AllChanges,
  { maxChanges }: PlanRequest,
  call: Call,
  known: WorkerLookups,
) {
  const diff = new DiffTeller(call, maxChanges);
  const versions = new VersionFinder(models, call, known);
  const stored = await known.models(models.map(({ id }) => id));
  for (const [i, model] of models.entries()) {
    if (stored[i]) await diff.add(null);
    else await diff.add(diff.isFull ? modelChange(model, null, []) : await versions.changeOf(model));
  }
  const before = await known.twins(twins.map(({ id }) => id));
  for (const [i, twin] of twins.entries()) await diff.add(twinChange(twin, before[i] ?? null));
  const sources = [...new Set(relationships.map(({ sourceId }) => sourceId))];
  const links = new Map((await known.relationshipsFrom(sources)).flat().map((link) => [link.id, link]));
  for (const link of relationships) await diff.add(relationshipChange(link, links.get(link.id) ?? null));
  await diff.end();
  return { counts: diff.counts, truncated: diff.truncated };
}

/** Compares new models with their older versions, stored or new as well. */
class VersionFinder {
  readonly #new: ReadonlyMap<string, Model>;
  readonly #newByPath: ReadonlyMap<string | null, readonly Model[]>;
  readonly #call: Call;
  readonly #known: WorkerLookups;

  constructor(models: readonly Model[], call: Call, known: WorkerLookups) {
    this.#new = new Map(models.map((model) => [model.id, model]));
    this.#newByPath = Map.groupBy(models, ({ id }) => pathOf(id));
    this.#call = call;
    this.#known = known;
  }

  async changeOf(model: Model): Promise<Change> {
    const path = pathOf(model.id);
    if (path === null) return modelChange(model, null, []);
    const others = [...(await this.#call('versionsOf', path)), ...(this.#newByPath.get(path) ?? [])];
    const before = newestBefore(model.id, others);
    return modelChange(model, before, before ? await this.#basesOf([model, before]) : []);
  }

  async #basesOf(models: readonly Model[]): Promise<readonly Model[]> {
    const found = new Map<string, Model>();
    for (let level = models; level.length;) {
      const ids = [...new Set(level.flatMap((model) => model.extends))].filter((id) => !found.has(id));
      const stored = await this.#known.models(ids.filter((id) => !this.#new.has(id)));
      level = [...ids.flatMap((id) => this.#new.get(id) ?? []), ...stored.filter((model) => model !== null)];
      for (const model of level) found.set(model.id, model);
    }
    return [...found.values()];
  }
}

/** Sends the diff in lists, as far as it is kept, and counts all of it. */
class DiffTeller {
  readonly counts = { created: 0, changed: 0, equal: 0 };
  readonly #call: Call;
  readonly #max: number;
  #sent = 0;
  #waiting: Change[] = [];
  truncated = false;

  constructor(call: Call, max: number) {
    this.#call = call;
    this.#max = max;
  }

  get isFull(): boolean {
    return this.#sent >= this.#max;
  }

  async add(change: Change | null): Promise<void> {
    this.counts[change === null ? 'equal' : change.kind === 'CREATED' ? 'created' : 'changed'] += 1;
    if (change === null) return;
    if (this.isFull) return void (this.truncated = true);
    this.#sent += 1;
    this.#waiting.push(change);
    if (this.#waiting.length >= listsOf) await this.end();
  }

  async end(): Promise<void> {
    if (this.#waiting.length) await this.#call('changes', this.#waiting);
    this.#waiting = [];
  }
}

/** @returns how many parts there are. */
async function stageAll(
  changes: AllChanges,
  partial: boolean,
  call: Call,
  known: WorkerLookups,
): Promise<number> {
  const parts = partial ? partsOf(changes) : [changes];
  for (const [part, whole] of parts.entries())
    for (const chunk of chunksOf(whole)) {
      const expected = new Map<TwinId, number>();
      for (const { id } of chunk.twins ?? []) {
        const revision = known.revisionOf(id);
        if (revision !== undefined) expected.set(id, revision);
      }
      await call('stage', { part, changes: { ...chunk, expected } });
    }
  return parts.length;
}

export function* slices<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
