import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HubError, messageOf } from '#kernel/errors.ts';
import type { CounterpartOptions } from './options.ts';

/** Equipment numbers and the twins they stand for, as `--equipment FILE` gives them (JSON object), or the demo plant's. */
export function readEquipment(options: CounterpartOptions): ReadonlyMap<string, string> {
  const file = options.extra['equipment']?.at(-1) ?? join(import.meta.dirname, 'equipment.json');
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>));
  } catch (error) {
    throw new HubError('INVALID_INPUT', `--equipment ${file} cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
