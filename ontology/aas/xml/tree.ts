import type { Places } from '../../import-finding.ts';

/** An element with what it holds. Comments and processing instructions are gone. */
export interface XmlElement {
  /** Without prefix. */
  readonly name: string;
  readonly uri: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: XmlElement[];
  /** All character data directly inside, CDATA included. */
  text: string;
  /** Offset of the `<`. */
  readonly at: number;
}

export interface XmlAttribute {
  readonly name: string;
  readonly uri: string;
  readonly value: string;
}

/** A document with its places. */
export class XmlDocument implements Places {
  readonly root: XmlElement;
  /** As it was read, without a byte order mark. */
  readonly source: string;
  #lineStarts: readonly number[] | null = null;

  constructor(root: XmlElement, source: string) {
    this.root = root;
    this.source = source;
  }

  /**
   * Line and column of the value that a pointer into the JSON form names. Names lead to the element of that name, through
   * an element that only says the class; numbers count elements.
   */
  placeOf(pointer: string): { line: number; column: number } {
    let element = this.root;
    for (const step of pointer.split('/').slice(1)) {
      const next = childOf(element, step.replaceAll('~1', '/').replaceAll('~0', '~'));
      if (!next) break;
      element = next;
    }
    this.#lineStarts ??= startsOfLines(this.source);
    return placeAt(this.#lineStarts, element.at);
  }
}

function childOf(element: XmlElement, step: string): XmlElement | undefined {
  if (/^[0-9]+$/.test(step)) return element.children[Number(step)];
  const named = element.children.find(({ name }) => name === step);
  const [only] = element.children;
  if (named || !only || element.children.length > 1) return named;
  return only.children.find(({ name }) => name === step);
}

/** Offsets at which lines begin. */
export function startsOfLines(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Line and column, from 1, of an offset. */
export function placeAt(lineStarts: readonly number[], offset: number): { line: number; column: number } {
  let [low, high] = [0, lineStarts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
}
