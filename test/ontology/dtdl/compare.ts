import { readDtdl, unresolvedCode, type DtdlReadOptions } from '#ontology/dtdl/index.ts';
import { JsonText, JsonTextError } from '#ontology/json-text.ts';
import type { Verdict } from './oracle.ts';

/** What our reader says about a document. */
export function ourVerdict(document: unknown, options: DtdlReadOptions = { limitContexts: [] }): Verdict {
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  let parsed: JsonText;
  try {
    parsed = JsonText.parse(text);
  } catch (error) {
    if (error instanceof JsonTextError) return { valid: false, codes: ['hub:notJson'], unresolved: [] };
    throw error;
  }
  const { findings, unresolved } = readDtdl([{ name: 'case', text: parsed }], new Map(), options);
  const errors = findings.filter(({ severity }) => severity === 'ERROR').map(({ code }) => code);
  const codes = [
    ...new Set(errors.filter((code) => code !== unresolvedCode && code !== 'hub:tooManyFindings')),
  ].sort();
  return { valid: errors.length === 0, codes, unresolved: [...unresolved].sort() };
}

/** How two answers relate: `codes` is the same verdict with an error code that the reference does not give. */
export type Agreement = 'same' | 'fewer' | 'codes' | 'unresolved' | 'verdict' | 'crash';

export function compare(ours: Verdict, reference: Verdict): Agreement {
  if (reference.crashed !== undefined) return 'crash';
  if (ours.valid !== reference.valid) return 'verdict';
  if (ours.unresolved.join() !== reference.unresolved.join()) return 'unresolved';
  if (ours.codes.some((code) => !reference.codes.includes(code))) return 'codes';
  if (!ours.codes.length && reference.codes.length) return 'codes';
  return ours.codes.length === reference.codes.length ? 'same' : 'fewer';
}
