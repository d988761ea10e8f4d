/**
 * Reads AAS environments, JSON and XML, into one form: the JSON form of the standard.
 * @see IDTA-01001-3-0, -3-1, -3-2
 */
import { FindingSink, type ImportFinding, type Places } from '../import-finding.ts';
import type { JsonObject, JsonText } from '../json-text.ts';
import { verifyInstance } from './constraints/verify.ts';
import type { Environment } from './environment.ts';
import type { Instance } from './instance.ts';
import {
  aasVersions,
  classOf,
  metamodelOf,
  namespaces,
  type AasClass,
  type AasVersion,
} from './metamodel/index.ts';
import { Report, type AasMode } from './report.ts';
import { readJsonInstance } from './structure/json.ts';
import { readXmlInstance } from './structure/xml.ts';
import { refusedJson, xmlVersion, type Refused } from './versions.ts';
import { parseXml, XmlTextError, type XmlFault } from './xml/parse.ts';
import type { XmlDocument } from './xml/tree.ts';

export type { AasMode } from './report.ts';

export interface ReadAasOptions {
  /** @default 'strict' */
  readonly mode?: AasMode;
  /**
   * Version to go by. JSON does not say its version: without this option it is read as the oldest version that it keeps
   * all rules of, or, when there is none, as the one with the fewest deviations. XML says its version itself.
   */
  readonly version?: AasVersion;
}

/** An environment and everything noticed. */
export interface AasReading {
  /**
   * `null` when it was refused: in strict mode for any deviation, while importing only when nothing can be made of the
   * document. While importing, it may lack required members and have members the metamodel does not know.
   */
  readonly environment: Environment | null;
  readonly version: AasVersion;
  /** In the order noticed. No error among them means the document may be used. */
  readonly findings: readonly ImportFinding[];
  /** For further findings of the same document. */
  readonly places: Places | null;
}

/** Reads a JSON document. Never throws on what it says. @param name - for findings. */
export function readAasJson(name: string, text: JsonText, options: ReadAasOptions = {}): AasReading {
  return asEnvironment(readJsonDocument(name, text, options, () => 'Environment'));
}

/** Reads an XML document. Never throws on what it says. @param name - for findings. */
export function readAasXml(name: string, text: string, options: ReadAasOptions = {}): AasReading {
  return asEnvironment(readXmlDocument(name, text, options, ['Environment']));
}

/** What was read, not only environments. */
export interface InstanceReading extends Omit<AasReading, 'environment'> {
  readonly instance: Instance | null;
}

function asEnvironment({ instance, ...reading }: InstanceReading): AasReading {
  return { environment: instance as Environment | null, ...reading };
}

/** Reads a JSON document as an instance of the class that `classNameOf` chooses. */
export function readJsonDocument(
  name: string,
  text: JsonText,
  options: ReadAasOptions,
  classNameOf: (root: JsonObject) => string,
): InstanceReading {
  const className = text.root.kind === 'object' ? classNameOf(text.root) : 'Environment';
  const refused = refusedJson(text.root, className === 'Environment');
  if (refused) return refusal(name, text, refused);
  const candidates = options.version ? [options.version] : aasVersions;
  let best: Attempt | null = null;
  for (const version of candidates) {
    const attempt = attemptJson(name, text, className, version, options.mode ?? 'strict');
    if (!best || attempt.report.count < best.report.count) best = attempt;
    if (!attempt.report.count) break;
  }
  return finished(best as Attempt, text);
}

interface Attempt {
  readonly instance: Instance | undefined;
  readonly version: AasVersion;
  readonly report: Report;
  readonly sink: FindingSink;
}

function attemptJson(
  name: string,
  text: JsonText,
  className: string,
  version: AasVersion,
  mode: AasMode,
): Attempt {
  const sink = new FindingSink(name, text);
  const report = new Report(sink, mode);
  const type = classOf(version, className);
  return {
    instance: verified(readJsonInstance(text.root, type, report), type, version, report),
    version,
    report,
    sink,
  };
}

/** Checks the rules, unless the shape is broken already and the document refused for it. */
function verified(
  instance: Instance | undefined,
  type: AasClass,
  version: AasVersion,
  report: Report,
): Instance | undefined {
  if (instance && (report.isImport || !report.count)) verifyInstance(instance, type, version, report);
  return instance;
}

function finished({ instance, version, report, sink }: Attempt, places: Places): InstanceReading {
  const isUsed = instance && (report.isImport ? !sink.hasErrors : !report.count);
  return { instance: isUsed ? instance : null, version, findings: sink.findings, places };
}

/** Reads an XML document whose root is one of some classes. */
export function readXmlDocument(
  name: string,
  text: string,
  options: ReadAasOptions,
  classNames: readonly string[],
): InstanceReading {
  const document = parsed(name, text);
  if (!('root' in document)) return document;
  const version = xmlVersion(document.root);
  if (typeof version !== 'string') return refusal(name, document, version);
  const type = [...metamodelOf(version).classes.values()].find(
    ({ xmlName, abstract }) => xmlName === document.root.name && !abstract,
  );
  if (!type || !classNames.includes(type.name))
    return refusal(name, document, {
      code: 'hub:notAas',
      message: `The root element ${document.root.name} is no AAS environment.`,
    });
  const sink = new FindingSink(name, document);
  const report = new Report(sink, options.mode ?? 'strict');
  const read = readXmlInstance(document.root, type, { namespace: namespaces[version], report });
  return finished({ instance: verified(read, type, version, report), version, report, sink }, document);
}

const xmlCodes: Readonly<Record<XmlFault, string>> = {
  syntax: 'hub:notXml',
  depth: 'hub:xmlTooDeep',
  doctype: 'hub:xmlDoctype',
  attributes: 'hub:xmlTooManyAttributes',
};

function parsed(name: string, text: string): XmlDocument | InstanceReading {
  try {
    return parseXml(text);
  } catch (error) {
    if (!(error instanceof XmlTextError)) throw error;
    const { line, column, message, reason } = error;
    const code = xmlCodes[reason];
    const finding: ImportFinding = {
      document: name,
      pointer: '',
      line,
      column,
      code,
      message,
      severity: 'ERROR',
    };
    return { instance: null, version: '3.0', findings: [finding], places: null };
  }
}

function refusal(name: string, places: Places, { code, message }: Refused): InstanceReading {
  const sink = new FindingSink(name, places);
  sink.error(code, '', message);
  return { instance: null, version: '3.0', findings: sink.findings, places };
}
