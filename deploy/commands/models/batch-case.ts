/** Judges one line of a batch. Pure but for the readers it loads when a case needs them. */
import { messageOf } from '#kernel/errors.ts';
import type { DtdlDocument, DtdlReadOptions } from '#ontology/dtdl/index.ts';
import type { ImportFinding } from '#ontology/import-finding.ts';
import { JsonText, JsonTextError, toPlain, type JsonNode, type JsonObject } from '#ontology/json-text.ts';

/** The answer to one case. */
export interface Verdict {
  /** As it came; `null` when the line has none. */
  readonly id: unknown;
  readonly valid: boolean;
  readonly errors: readonly BatchError[];
  /** What DTDL documents refer to and nothing defines. */
  readonly unresolved?: readonly string[];
}

export interface BatchError {
  readonly code: string;
  readonly message: string;
  /** JSON pointer: in `input`, or in the AAS document. */
  readonly path: string;
}

/** Judges a line. Never throws. */
export async function judgeLine(line: string): Promise<Verdict> {
  let id: unknown = null;
  try {
    const text = JsonText.parse(line);
    const { root } = text;
    if (root.kind !== 'object')
      return fault(null, 'hub:notACase', 'A case is an object with id and input, aas or aasXml.');
    const idNode = root.members.get('id');
    if (idNode) id = toPlain(idNode);
    return await judge({ line, text, root, id, hasId: idNode !== undefined });
  } catch (error) {
    if (error instanceof JsonTextError)
      return fault(id, error.reason === 'depth' ? 'hub:jsonTooDeep' : 'hub:notJson', error.message);
    return fault(id, 'hub:internal', `The case cannot be judged: ${messageOf(error)}`);
  }
}

interface Case {
  readonly line: string;
  readonly text: JsonText;
  readonly root: JsonObject;
  readonly id: unknown;
  readonly hasId: boolean;
}

async function judge(one: Case): Promise<Verdict> {
  const { root, id, hasId } = one;
  const wanted = ['input', 'aas', 'aasXml'].filter((name) => root.members.has(name));
  if (wanted.length !== 1) return fault(id, 'hub:notACase', 'A case has one of input, aas and aasXml.');
  const verdict = wanted[0] === 'input' ? await judgeDtdl(one) : await judgeAas(one, wanted[0] ?? '');
  // A case without id is judged all the same; its place in the batch tells which it was.
  return hasId ? verdict : { ...verdict, valid: false, errors: [missingId, ...verdict.errors] };
}

const missingId: BatchError = { code: 'hub:missingId', message: 'The case has no id.', path: '' };

function fault(id: unknown, code: string, message: string, path = ''): Verdict {
  return { id, valid: false, errors: [{ code, message, path }] };
}

async function judgeDtdl({ text, root, id }: Case): Promise<Verdict> {
  const options = readOptions(root);
  if (typeof options === 'string') return fault(id, 'hub:notACase', options);
  const { readDtdl, unresolvedCode } = await import('#ontology/dtdl/index.ts');
  const documents: DtdlDocument[] = [];
  const errors: BatchError[] = [];
  for (const [node, path] of inputsOf(root)) {
    const document = documentOf(node, path, text);
    if ('code' in document) errors.push(document);
    else documents.push(document);
  }
  // What is no JSON cannot be read as DTDL.
  if (errors.length) return { id, valid: false, errors };
  const { findings, unresolved } = readDtdl(documents, new Map(), options);
  // What is unresolved is told by itself, as no published code stands for it.
  const found = findings
    .filter((finding) => isError(finding) && finding.code !== unresolvedCode)
    .map((finding) => asError(finding, inInput(finding)));
  const valid = !found.length && !unresolved.length;
  return { id, valid, errors: found, ...(unresolved.length ? { unresolved } : {}) };
}

const isError = ({ severity }: ImportFinding) => severity === 'ERROR';

const asError = ({ code, message }: ImportFinding, path: string): BatchError => ({ code, message, path });

/** The documents of a case: a list, or a single one. */
function inputsOf(root: JsonObject): readonly (readonly [JsonNode, string])[] {
  const input = root.members.get('input');
  if (input?.kind === 'array') return input.items.map((item, i) => [item, `/${i}`] as const);
  return input ? [[input, '']] : [];
}

/** A document is JSON, or a text that holds JSON; `document` carries the path of a text, `pointer` that of a node. */
function documentOf(node: JsonNode, path: string, text: JsonText): DtdlDocument | BatchError {
  if (node.kind !== 'scalar' || typeof node.value !== 'string')
    return { name: '', text, node, pointer: path };
  try {
    return { name: path, text: JsonText.parse(node.value) };
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    return {
      code: error.reason === 'depth' ? 'hub:jsonTooDeep' : 'hub:notJson',
      message: error.message,
      path,
    };
  }
}

const inInput = ({ document, pointer }: ImportFinding) => `${document}${pointer}`;

/** The options of a case, or what is wrong with them. */
function readOptions(root: JsonObject): DtdlReadOptions | string {
  const [undefinedExtensions, limitContexts, maxVersion] = [
    'undefinedExtensions',
    'limitContexts',
    'maxVersion',
  ].map((name) => {
    const node = root.members.get(name);
    return node ? (toPlain(node) ?? undefined) : undefined;
  });
  if (
    undefinedExtensions !== undefined &&
    undefinedExtensions !== 'allow' &&
    undefinedExtensions !== 'disallow'
  )
    return 'undefinedExtensions is allow or disallow.';
  if (limitContexts !== undefined && !isTexts(limitContexts)) return 'limitContexts is a list of texts.';
  if (maxVersion !== undefined && !(typeof maxVersion === 'number' && Number.isInteger(maxVersion)))
    return 'maxVersion is a whole number.';
  return {
    ...(undefinedExtensions === undefined ? {} : { undefinedExtensions }),
    // Limits beyond those of the language have to be asked for, as with the reference implementation.
    limitContexts: limitContexts ?? [],
    ...(maxVersion === undefined ? {} : { maxVersion }),
  };
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

async function judgeAas({ line, root, id }: Case, member: string): Promise<Verdict> {
  const node = root.members.get(member);
  const { checkAasJson, checkAasXml } = await import('#ontology/aas/check.ts');
  const isText = node?.kind === 'scalar' && typeof node.value === 'string';
  if (member === 'aasXml' && !isText) return fault(id, 'hub:notACase', 'aasXml is a text.');
  const content = isText ? String(node.value) : line.slice(node?.at, node?.end);
  const check = member === 'aasXml' ? checkAasXml : checkAasJson;
  const { findings } = check('', content, { mode: 'strict' });
  const errors = findings.filter(isError).map((finding) => asError(finding, finding.pointer));
  return { id, valid: !errors.length, errors };
}
