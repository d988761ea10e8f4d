import type { ValueType } from '#ontology/model.ts';
import { areConvertible, convert } from '#ontology/units.ts';
import type { BrowsedVariable } from './browse.ts';
import type { KnownSignal, MappingEntry } from './mapping.ts';
import { sharesOf, wordsOf } from './words.ts';

/** A proposed line, with how sure it is (0 to 1) and why. */
export interface ProposedEntry extends MappingEntry {
  readonly confidence: number;
  readonly reason: string;
}

/** A draft for a person to check. */
export interface Proposal {
  readonly nodes: readonly ProposedEntry[];
  /** Signals nothing fits, as `TWIN/NAME`. */
  readonly withoutNode: readonly string[];
  /** Variables that fit nothing. */
  readonly unusedNodes: readonly string[];
}

interface Candidate {
  readonly signal: KnownSignal;
  readonly variable: BrowsedVariable;
  readonly confidence: number;
  readonly reason: string;
}

/** Below this a pair is not worth a look. */
const leastConfidence = 0.6;

/**
 * Pairs signals with variables by where the variable stands, what it is called, and whether type and unit fit. Each
 * variable goes to one signal; a signal may get several, the surest with priority 1.
 */
export function proposeMapping(
  variables: readonly BrowsedVariable[],
  signals: readonly KnownSignal[],
): Proposal {
  const candidates = signals
    .flatMap((signal) => variables.flatMap((variable) => candidateOf(signal, variable) ?? []))
    .sort((a, b) => b.confidence - a.confidence);
  const taken = new Map<BrowsedVariable, Candidate>();
  const bySignal = new Map<KnownSignal, Candidate[]>();
  for (const candidate of candidates) {
    if (taken.has(candidate.variable)) continue;
    taken.set(candidate.variable, candidate);
    bySignal.set(candidate.signal, [...(bySignal.get(candidate.signal) ?? []), candidate]);
  }
  return {
    nodes: signals.flatMap((signal) =>
      (bySignal.get(signal) ?? []).map((candidate, place, all) =>
        toEntry(candidate, all.length > 1 ? place + 1 : null),
      ),
    ),
    withoutNode: signals
      .filter((signal) => !bySignal.has(signal))
      .map(({ twinId, signal }) => `${twinId}/${signal}`),
    unusedNodes: variables.filter((variable) => !taken.has(variable)).map(({ nodeId }) => nodeId),
  };
}

function toEntry(
  { signal, variable, confidence, reason }: Candidate,
  priority: number | null,
): ProposedEntry {
  return {
    nodeId: variable.nodeId,
    twin: signal.twinId,
    signal: signal.signal,
    ...(variable.unit !== null && signal.unit !== null ? { unit: unitOf(variable.unit, signal.unit) } : {}),
    ...(priority === null ? {} : { priority }),
    confidence: Math.round(confidence * 100) / 100,
    reason,
  };
}

/** Where both codes mean the same size, the model's: it also says what is counted, as in `{bottle}/h`. */
function unitOf(variable: string, signal: string): string {
  return convert(1, variable, signal) === 1 && convert(0, variable, signal) === 0 ? signal : variable;
}

function candidateOf(signal: KnownSignal, variable: BrowsedVariable): Candidate | null {
  if (!typeFits(signal.valueType, variable)) return null;
  const unitKnown = variable.unit !== null && signal.unit !== null;
  if (unitKnown && !areConvertible(variable.unit ?? '', signal.unit ?? '')) return null;
  const place = placeScore(signal.twinId, variable.path);
  const name = nameScore(signal, variable);
  if (place === 0 || name === 0) return null;
  const unit = unitKnown || (signal.unit === null && variable.unitText === null) ? 1 : 0.4;
  const confidence = 0.4 * place + 0.4 * name + 0.2 * unit;
  if (confidence < leastConfidence) return null;
  const reason = `place ${percent(place)}, name ${percent(name)}, ${unitKnown ? `unit ${variable.unit}` : variable.unitText ? `unit ${variable.unitText} not known` : 'no unit'}`;
  return { signal, variable, confidence, reason };
}

function typeFits(wanted: ValueType, { dataType, isArray }: BrowsedVariable): boolean {
  if (isArray !== (wanted === 'number[]')) return false;
  if (dataType === null) return true;
  if (wanted === 'boolean') return dataType === 'Boolean' || /Int|Byte/.test(dataType);
  if (wanted === 'string') return dataType === 'String' || dataType === 'LocalizedText';
  if (wanted === 'dateTime') return dataType === 'DateTime' || dataType === 'UtcTime';
  return /Int|Float|Double|Number|Byte$/.test(dataType) && dataType !== 'Boolean';
}

/** 1 when the variable hangs right under an object named like the twin; less for one further up, or inside a flat name. */
function placeScore(twinId: string, path: readonly string[]): number {
  const parents = path.slice(0, -1).reverse();
  const wanted = squeeze(twinId);
  const distance = parents.findIndex((segment) => squeeze(segment) === wanted);
  if (distance >= 0) return Math.max(0.3, 1 - 0.3 * distance);
  const flat = squeeze(path.at(-1) ?? '');
  if (flat.includes(wanted)) return 0.8;
  return parents.some((segment) => squeeze(segment).includes(wanted)) ? 0.5 : 0;
}

/** How much of the words of signal and variable agree, the twin's own words aside. */
function nameScore({ signal, twinId }: KnownSignal, { path }: BrowsedVariable): number {
  const flat = path.at(-1) ?? '';
  if (squeeze(flat) === squeeze(signal)) return 1;
  const parts = twinId.split('.').map(squeeze);
  const words = wordsOf(flat).filter(
    (word) => !parts.includes(word) && !parts.some((part) => part.includes(word) && /\d/.test(word)),
  );
  return 0.95 * sharesOf(wordsOf(signal), words);
}

function squeeze(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
