import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '#kernel/clock.ts';
import { HubError, isHubError } from '#kernel/errors.ts';
import { createLocalIdentity } from '#connectors/local-identity/index.ts';
import { parseTenantId } from '#ontology/ids.ts';
import { exitCodes, readArguments, UsageError, type ExitCode } from '../arguments.ts';
import { dataPath } from '../config.ts';
import { keepKeyPair, openDataFolder } from '../data-folder.ts';
import type { Terminal } from '../terminal.ts';

export const tokenHelp = `twinhub token --as PERSONA [--minutes N] [--data DIR] [--tenant TENANT]
Prints a bearer token of the local identity for scripts on this machine.
  --as PERSONA   olivia, ravi, petra, marc, nora or ines
  --minutes N    how long it is valid, 1 to 1440 (default 60)
  --data DIR     the hub's data folder (default .twinhub, or TWINHUB_DATA_DIR)`;

const keyFile = 'identity-key.json';

/** `twinhub token`. */
export async function tokenCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = readArguments(args, {
    as: { type: 'string' },
    minutes: { type: 'string', default: '60' },
    data: { type: 'string' },
    tenant: { type: 'string' },
  });
  const minutes = Number(values.minutes);
  if (!values.as) throw new UsageError('Say as whom: --as PERSONA.');
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > 1440)
    throw new UsageError(`--minutes is ${values.minutes}; allowed is 1 to 1440.`);
  terminal.out(await localToken(terminal, values.as, minutes * 60_000, values));
  return exitCodes.fine;
}

/**
 * A token of the local identity of a data folder, for one of its personas.
 * @throws {HubError} NOT_FOUND - no hub has worked in the folder: a key made here would be one that no hub knows.
 * @throws {UsageError} there is no such persona.
 */
export async function localToken(
  terminal: Terminal,
  persona: string,
  lifetimeMs: number,
  flags: { readonly data?: string | undefined; readonly tenant?: string | undefined } = {},
): Promise<string> {
  const path = dataPath(terminal.env, flags.data, terminal.cwd);
  if (!existsSync(join(path, keyFile)))
    throw new HubError(
      'NOT_FOUND',
      `No hub with a local identity has worked in ${path}. Run this where the hub was started, or name its folder with --data.`,
    );
  const keys = await keepKeyPair(openDataFolder(path), keyFile);
  const tenant = parseTenantId(flags.tenant ?? terminal.env['TWINHUB_TENANT'] ?? 'demo');
  const identity = createLocalIdentity({ tenant, sessionMs: 0 }, { keys, clock: systemClock });
  try {
    return (await identity.issueToken(persona, lifetimeMs)).token;
  } catch (error) {
    throw isHubError(error, 'NOT_FOUND') ? new UsageError(error.message, error) : error;
  }
}
