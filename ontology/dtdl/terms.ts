import { dtdlSemanticTypes, dtdlUnit, dtdlUnits } from '../units/dtdl.ts';
import { dtdlClasses, members, standardSchemas } from './metamodel.ts';

const longForm =
  /^dtmi:(?:dtdl:(?:class|property|instance:Schema|instance:CommandType)|standard:(?:class|unit|schema:geospatial)):([A-Za-z]+);\d+$/;

/** The short term for the long form of a word of the language (`dtmi:dtdl:class:Property;3` is `Property`), else the text itself. */
export function termOf(text: string): string {
  return text.startsWith('dtmi:') ? (longForm.exec(text)?.[1] ?? text) : text;
}

const reserved: ReadonlySet<string> = new Set([
  ...dtdlClasses,
  ...Object.values(members).flatMap((rules) => Object.keys(rules)),
  ...standardSchemas(4),
  ...dtdlSemanticTypes,
  ...Object.keys(dtdlUnits),
  ...Object.values(dtdlUnits).flatMap((units) => Object.keys(units)),
  'unit',
  'synchronous',
  'asynchronous',
  'languageMajorVersion',
]);

/** Whether the language uses the word for something. @see DTDL specification, Reserved strings */
export function isReservedTerm(text: string): boolean {
  return reserved.has(termOf(text));
}

/** Whether the word names a unit of the language. */
export function isUnitTerm(text: string): boolean {
  return dtdlUnit(termOf(text)) !== null;
}
