import { createHash } from 'node:crypto';
import type { ReadShell } from '../aas/index.ts';
import { assetModelId, classModels, partModelId } from '../asset-classes/index.ts';
import type { FindingSink } from '../import-finding.ts';
import { parseTwinId, type ModelId, type TwinId } from '../ids.ts';
import { lineageIn } from '../twin-graph.ts';
import type { ImportDraft, TwinDraft } from './draft.ts';

/** Whether a text has the form of a twin id. */
export function isTwinId(text: string): text is TwinId {
  try {
    return parseTwinId(text).length > 0;
  } catch {
    return false;
  }
}

/**
 * The id a twin gets that is made for an asset: the readable end of the global asset id, and ten hexadecimal digits of the
 * SHA-256 of all of it, so that it is the same in every import and two assets never share one.
 */
export function derivedTwinId(globalAssetId: string): TwinId {
  const hash = createHash('sha256').update(globalAssetId, 'utf8').digest('hex').slice(0, 10);
  const end =
    globalAssetId
      .replace(/[/#]+$/, '')
      .split(/[/#]/)
      .at(-1) ?? '';
  const readable = end
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60);
  return parseTwinId(`${readable || 'asset'}-${hash}`);
}

/** The id of a part within the twin of its whole; shortened by a hash when it would be too long. */
export function partTwinId(whole: string, path: readonly string[]): TwinId {
  const text = `${whole}.${path.join('.')}`.replace(/[^A-Za-z0-9._:-]+/g, '-');
  if (text.length <= 128) return parseTwinId(text);
  const hash = createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 10);
  return parseTwinId(`${text.slice(0, 117)}-${hash}`);
}

/** The id a shell's twin is made with: the one its asset names, else one derived from the global asset id. */
export function shellTwinId(shell: ReadShell): TwinId | null {
  const [first] = shell.candidates;
  const isGlobal = first === undefined || first === shell.globalAssetId;
  if (!isGlobal && isTwinId(first)) return first;
  return shell.globalAssetId ? derivedTwinId(shell.globalAssetId) : null;
}

/** What is made: an asset for a shell, or a part for a node of a bill of material. */
export interface MadeTwin {
  readonly id: TwinId;
  readonly kind: 'ASSET' | 'COMPONENT';
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly sink: FindingSink;
  readonly pointer: string;
}

/** Adds a twin with the hub's own model for assets or parts, and that model. */
export function makeTwin(
  { id, kind, name, properties, sink, pointer }: MadeTwin,
  draft: ImportDraft,
): TwinDraft {
  const modelId = kind === 'ASSET' ? assetModelId : partModelId;
  addClassModel(modelId, draft);
  const twin: TwinDraft = {
    id,
    kind,
    name,
    modelId,
    parentId: null,
    properties: { name, ...properties },
    lexical: null,
    touched: true,
    parentNamed: false,
    sink,
    pointer,
  };
  draft.twins.set(id, twin);
  return twin;
}

function addClassModel(id: ModelId, draft: ImportDraft): void {
  for (const model of lineageIn(id, classModels()) ?? []) {
    if (draft.models.has(model.id)) continue;
    draft.models.set(model.id, model);
    draft.newModels.set(model.id, model);
  }
}
