import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { HubError } from '#kernel/errors.ts';
import { initialPlant, type PlantState } from './plant-state.ts';

const version = 1;

/**
 * The plant's state from a file, or a fresh plant when there is none.
 * @throws {HubError} INVALID_INPUT - the file is no state of this version; delete it to begin anew.
 */
export function loadPlantState(file: string | null): PlantState {
  if (!file || !existsSync(file)) return initialPlant;
  const stored = parse(file);
  if (stored?.version !== version || typeof stored.state !== 'object')
    throw new HubError(
      'INVALID_INPUT',
      `${file} is not the state of a demo plant; delete it to begin with a fresh plant.`,
      {
        details: { file },
      },
    );
  return { ...initialPlant, ...stored.state };
}

/** Writes the state so that a crash leaves either the old or the new one. */
export function savePlantState(file: string | null, state: PlantState): void {
  if (!file) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify({ version, state }));
  renameSync(`${file}.new`, file);
}

function parse(file: string): { version?: number; state?: PlantState } | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { version?: number; state?: PlantState };
  } catch {
    return null;
  }
}
