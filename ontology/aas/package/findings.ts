import type { ImportFinding } from '../../import-finding.ts';
import { packageRules, start, PackageFault, type PackageRuleName, type Place } from './rules.ts';

/** More are counted in one last finding. */
const maxFindings = 1000;

/** Collects what is wrong with one package. Parts are named `package.aasx!/aasx/data.xml`. */
export class PackageFindings {
  readonly #name: string;
  readonly #found: ImportFinding[] = [];
  #left = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** @param what - what is wrong, a sentence. @param part - name of the part with its leading slash, `null` for the package. */
  add(rule: PackageRuleName, what: string, part: string | null = null, place: Place = start): void {
    const { severity, advice } = packageRules[rule];
    if (this.#found.length >= maxFindings && severity === 'WARNING') {
      this.#left++;
      return;
    }
    if (this.#found.length >= 2 * maxFindings) return;
    const document = documentName(this.#name, part);
    this.#found.push({
      document,
      pointer: '',
      ...place,
      code: `hub:${rule}`,
      message: `${what} ${advice}`,
      severity,
    });
  }

  /** Runs a step; a fault it throws becomes a finding. @returns `null` when it did. @throws what is no fault */
  catch<T>(step: () => T): T | null {
    try {
      return step();
    } catch (error) {
      this.caught(error);
      return null;
    }
  }

  /** Turns a fault into a finding. @throws what is no fault */
  caught(error: unknown): void {
    if (!(error instanceof PackageFault)) throw error;
    this.add(error.rule, error.message, error.part, error.place);
  }

  get hasErrors(): boolean {
    return this.#found.some(({ severity }) => severity === 'ERROR');
  }

  list(): readonly ImportFinding[] {
    if (!this.#left) return this.#found;
    const message = `${this.#left} more findings are left out.`;
    const rest = { document: this.#name, pointer: '', ...start, code: 'hub:tooManyFindings', message };
    return [...this.#found, { ...rest, severity: 'WARNING' as const }];
  }
}

/** What findings call a part of a package: `package.aasx!/aasx/data.xml`. */
export function documentName(packageName: string, part: string | null): string {
  return part === null ? packageName : `${packageName}!${part}`;
}

/** A name from a package as messages show it: quoted, control characters escaped, at most 200 characters. */
export function shown(name: string): string {
  return JSON.stringify(name.length > 200 ? `${name.slice(0, 200)}…` : name);
}
