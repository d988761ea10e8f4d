/**
 * The reference implementation (DTDLParser of the Digital Twin Consortium, 1.1.3) as WebAssembly, to compare with.
 * @see the package @digicatapult/dtdl-parser, Apache-2.0
 */

interface Interop {
  parse(text: string): string;
  parserVersion(): string;
}

/** What a reader says about a case. */
export interface Verdict {
  readonly valid: boolean;
  /** Codes of errors, each once, sorted. */
  readonly codes: readonly string[];
  readonly unresolved: readonly string[];
  /** It fell over instead of answering. */
  readonly crashed?: string;
}

const prefix = 'dtmi:dtdl:parsingError:';

/** Loads the reference; takes a second or two. */
export async function loadOracle(): Promise<(document: unknown) => Verdict> {
  // The package's entry point writes to the console, so its interop module is used, which it does not export.
  const entry = import.meta.resolve('@digicatapult/dtdl-parser');
  const { parse } = (await import(new URL('interop/modelParser.js', entry).href)) as Interop;
  return (document) => {
    try {
      parse(typeof document === 'string' ? document : JSON.stringify(document));
      return { valid: true, codes: [], unresolved: [] };
    } catch (error) {
      return verdictOf(error);
    }
  };
}

function verdictOf(error: unknown): Verdict {
  const text = error instanceof Error ? error.message : String(error);
  const failed = { valid: false, codes: [], unresolved: [] };
  if (!text.startsWith('{')) return { ...failed, crashed: text.slice(0, 200) };
  const told = JSON.parse(text) as {
    Errors?: readonly { ValidationID: string }[];
    UndefinedIdentifiers?: readonly string[];
  };
  const codes = [...new Set((told.Errors ?? []).map(({ ValidationID }) => ValidationID.replace(prefix, '')))];
  return { ...failed, codes: codes.sort(), unresolved: [...(told.UndefinedIdentifiers ?? [])].sort() };
}
