/** Writes DTDL interfaces as they came. */
import { isObject } from '../dtdl/instances/check.ts';
import type { Model } from '../model.ts';

/**
 * One JSON document with the interfaces, each exactly as it was imported. An interface that stands inside another of
 * them is not written a second time; one whose owner is not among them gets the context it was read with.
 *
 * @param models - those of other standards are left out.
 */
export function exportDtdl(models: readonly Model[]): string {
  const interfaces = models.filter(({ standard }) => standard === 'DTDL');
  const inside = new Set(interfaces.flatMap(({ id, source }) => interfacesInside(source, id)));
  const written = interfaces.filter(({ id }) => !inside.has(id)).map(withContext);
  return `${JSON.stringify(written.length === 1 ? written[0] : written, null, 2)}\n`;
}

function withContext({ source, standardVersion }: Model): unknown {
  if (!isObject(source) || Object.hasOwn(source, '@context')) return source;
  return { '@context': `dtmi:dtdl:context;${standardVersion}`, ...source };
}

/** Ids of all elements defined inside an interface. */
function interfacesInside(source: unknown, own: string): string[] {
  const found: string[] = [];
  const waiting = [source];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (Array.isArray(value)) waiting.push(...(value as readonly unknown[]));
    else if (isObject(value)) {
      const id = value['@id'];
      if (typeof id === 'string' && id !== own && Object.hasOwn(value, '@type')) found.push(id);
      waiting.push(...Object.values(value));
    }
  }
  return found;
}
