/** Judges single documents by the standard: what `models check` asks. */
import type { ImportFinding } from '../import-finding.ts';
import { JsonText, JsonTextError, repeatedMembers, type JsonObject } from '../json-text.ts';
import { classOf, metamodelOf, type AasVersion } from './metamodel/index.ts';
import { readJsonDocument, readXmlDocument, type InstanceReading, type ReadAasOptions } from './read.ts';

export interface AasVerdict {
  /** Whether there is no error. */
  readonly valid: boolean;
  /** The version it was judged by. */
  readonly version: AasVersion;
  readonly findings: readonly ImportFinding[];
}

/**
 * Judges a JSON text: an environment, or one shell, submodel, concept description or submodel element, which says what it
 * is in `modelType`. Never throws on what it says.
 */
export function checkAasJson(name: string, text: string, options: ReadAasOptions = {}): AasVerdict {
  let json: JsonText;
  try {
    json = JsonText.parse(text);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    const code = error.reason === 'depth' ? 'hub:jsonTooDeep' : 'hub:notJson';
    return broken(name, code, error);
  }
  const [repeated] = repeatedMembers(json.root);
  if (repeated !== undefined)
    return broken(
      name,
      'duplicatePropertyName',
      { ...json.placeOf(repeated), message: 'The member stands twice in its object; keep one.' },
      repeated,
    );
  return verdict(readJsonDocument(name, json, options, classNameOf));
}

/** Judges an XML text: an environment, or one element named after a class. Never throws on what it says. */
export function checkAasXml(name: string, text: string, options: ReadAasOptions = {}): AasVerdict {
  const all = [...metamodelOf('3.2').classes.keys()];
  return verdict(readXmlDocument(name, text, options, all));
}

/**
 * The class an object names, if it is one that stands for itself; otherwise it is taken as an environment, as is an object
 * with members that only an environment has.
 */
function classNameOf(root: JsonObject): string {
  const named = root.members.get('modelType');
  const name = named?.kind === 'scalar' ? named.value : null;
  const type = typeof name === 'string' ? classOf('3.0', 'Referable').concrete.get(name) : undefined;
  const isEnvironment = [...classOf('3.0', 'Environment').byName.keys()].some(
    (member) => root.members.has(member) && !type?.byName.has(member),
  );
  return type && !isEnvironment ? type.name : 'Environment';
}

function verdict({ version, findings }: InstanceReading): AasVerdict {
  return { valid: !findings.some(({ severity }) => severity === 'ERROR'), version, findings };
}

function broken(
  document: string,
  code: string,
  fault: { readonly line: number; readonly column: number; readonly message: string },
  pointer = '',
): AasVerdict {
  const { line, column, message } = fault;
  return {
    valid: false,
    version: '3.0',
    findings: [
      {
        document,
        pointer,
        line,
        column,
        code,
        message,
        severity: 'ERROR',
      },
    ],
  };
}
