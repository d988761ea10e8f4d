import { isInstance, memberOf, positionOf, type Instance } from '../instance.ts';
import { isXmlText } from '../lexical/xsd.ts';
import type { AasClass, AasProperty, AasVersion, StringType } from '../metamodel/index.ts';
import { below, type Place, type Report } from '../report.ts';
import { rulesFor } from './index.ts';
import type { Violation } from './rule.ts';

/** Checks an instance and all inside it: texts against their types, lists against emptiness, and all constraints. */
export function verifyInstance(
  instance: Instance,
  type: AasClass,
  version: AasVersion,
  report: Report,
  place: Place | null = null,
): void {
  for (const property of type.properties) {
    const value = memberOf(instance, property.name);
    if (value !== undefined) verifyProperty(value, property, version, report, below(place, property.name));
  }
  for (const { code, check } of rulesFor(type, version)) {
    const found = check(instance, version);
    if (found) report.deviation(code, placeOf(instance, found.at, place), found.message);
  }
}

/** The place of a violation below an instance, by the positions that items have in the document. */
function placeOf(instance: Instance, at: Violation['at'], place: Place | null): Place | null {
  let [inner, found]: [unknown, Place | null] = [instance, place];
  for (const step of at) {
    inner = isInstance(inner) || Array.isArray(inner) ? (inner as Instance)[step] : undefined;
    found = below(found, typeof step === 'number' ? positionOf(inner, step) : step);
  }
  return found;
}

function verifyProperty(
  value: unknown,
  property: AasProperty,
  version: AasVersion,
  report: Report,
  place: Place,
): void {
  const kind = property.value;
  if (kind.kind === 'string' && typeof value === 'string') return verifyText(value, kind.type, report, place);
  if (kind.kind !== 'class') return;
  if (!property.list) return verifyMember(value, kind.type, version, report, place);
  if (!Array.isArray(value)) return;
  if (!value.length)
    report.deviation(
      'aas:emptyList',
      place,
      'A list is not empty; leave the member out when there is nothing.',
    );
  for (const [i, item] of value.entries())
    verifyMember(item, kind.type, version, report, below(place, positionOf(item, i)));
}

function verifyMember(
  value: unknown,
  declared: AasClass,
  version: AasVersion,
  report: Report,
  place: Place,
): void {
  if (!isInstance(value)) return;
  const named = declared.hasModelType ? memberOf(value, 'modelType') : undefined;
  const type = typeof named === 'string' ? declared.concrete.get(named) : declared;
  if (type) verifyInstance(value, type, version, report, place);
}

function verifyText(text: string, type: StringType, report: Report, place: Place): void {
  if (type.characters && !isXmlText(text))
    report.deviation('AASd-130', place, 'The text has a character that XML cannot carry.');
  const length = lengthOf(text, type.max);
  if (length < type.min) report.deviation('aas:minLength', place, 'The text is empty.');
  else if (length > type.max)
    report.deviation('aas:maxLength', place, `The text has more than ${type.max} characters.`);
  else if (type.form && !type.form.test(text))
    report.deviation(type.form.code, place, `${JSON.stringify(text.slice(0, 60))} is not ${type.form.what}.`);
}

/** Characters (code points) of a text, counted only where it matters. */
function lengthOf(text: string, most: number): number {
  return text.length <= most || text.length > 2 * most ? text.length : [...text].length;
}
