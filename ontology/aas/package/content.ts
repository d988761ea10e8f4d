import { octetStream, type ContentTypes } from './content-types.ts';
import { environmentKind } from './format.ts';
import { shown, type PackageFindings } from './findings.ts';
import { digest } from './inflate.ts';
import type { PackageLimits } from './limits.ts';
import { decodeText } from './markup.ts';
import { isMarkup } from './part-name.ts';
import type { PackageEnvironment, PackageFile, PackagePart } from './package.ts';
import type { RawPart } from './parts.ts';
import { PackageFault } from './rules.ts';
import type { Structure } from './structure.ts';

function tooLarge({ size, path }: RawPart, left: number): PackageFault {
  return new PackageFault(
    'packagePartTooLarge',
    `It has ${size} bytes; ${left} are left for environments.`,
    path,
  );
}

/** Inflates parts one after another, so that one at a time is in memory. */
export class ContentReader {
  readonly #types: ContentTypes;
  readonly #limits: PackageLimits;
  readonly #findings: PackageFindings;

  constructor(types: ContentTypes, limits: PackageLimits, findings: PackageFindings) {
    this.#types = types;
    this.#limits = limits;
    this.#findings = findings;
  }

  async part(raw: RawPart): Promise<PackagePart> {
    return this.#toPart(raw, await raw.bytes());
  }

  async environments(structure: Structure): Promise<PackageEnvironment[]> {
    const read: PackageEnvironment[] = [];
    let left = this.#limits.maxEnvironmentBytes;
    for (const raw of structure.environments) {
      if (raw.size > left) throw tooLarge(raw, left);
      left -= raw.size;
      try {
        read.push(await this.#environment(raw));
      } catch (error) {
        this.#findings.caught(error);
      }
    }
    return read;
  }

  async files(
    parts: ReadonlyMap<string, RawPart>,
    structure: Structure,
  ): Promise<{ key: string; file: PackageFile }[]> {
    const taken = new Set([structure.origin.key, ...structure.environments.map(({ key }) => key)]);
    const read: { key: string; file: PackageFile }[] = [];
    for (const raw of parts.values()) {
      if (taken.has(raw.key) || isMarkup(raw.key)) continue;
      try {
        read.push({ key: raw.key, file: { ...(await this.part(raw)), role: structure.role(raw.key) } });
      } catch (error) {
        this.#findings.caught(error);
      }
    }
    return read;
  }

  async #environment(raw: RawPart): Promise<PackageEnvironment> {
    const bytes = await raw.bytes();
    const text = decodeText(bytes, raw.path);
    const kind = environmentKind(text, raw.path);
    return { ...(await this.#toPart(raw, bytes)), part: raw.path, ...kind, text, alternativeOf: null };
  }

  async #toPart(raw: RawPart, bytes: Uint8Array): Promise<PackagePart> {
    const contentType = this.#types(raw.key);
    if (!contentType) this.#findings.add('packageContentType', 'It has no content type.', raw.path);
    return {
      path: raw.path,
      contentType: contentType ?? octetStream,
      size: raw.size,
      sha256: await digest(bytes),
      bytes: () => raw.bytes(),
    };
  }
}

/** The same name with another ending is the same content in another format; JSON is read, as it is the exact one. */
export function alternatives(
  environments: readonly PackageEnvironment[],
  findings: PackageFindings,
): PackageEnvironment[] {
  const stem = ({ path }: PackageEnvironment) => path.toLowerCase().replace(/(\.aas)?\.(json|xml)$/, '');
  const json = new Map(
    environments.filter(({ format }) => format === 'json').map((one) => [stem(one), one.path]),
  );
  return environments.map((one) => {
    const other = one.format === 'xml' ? json.get(stem(one)) : undefined;
    if (other === undefined) return one;
    findings.add(
      'packageAlternative',
      `${shown(other)} says the same in JSON and is read instead.`,
      one.path,
    );
    return { ...one, alternativeOf: other };
  });
}
