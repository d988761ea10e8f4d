import { readMarkup } from './markup.ts';

/** At most so many properties are read; the schema has sixteen. */
const maxProperties = 100;

/** Reads the core properties of a package. @see ISO/IEC 29500-2, clause 11. @throws {PackageFault} no such markup. */
export function readCoreProperties(text: string, part: string): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  let name = '';
  readMarkup(text, part, {
    open: ({ local, depth }) => {
      if (depth === 2) name = local;
    },
    close: (content, depth) => {
      if (depth === 2 && properties.size < maxProperties)
        properties.set(name, content.trim().slice(0, 10_000));
    },
  });
  return properties;
}
