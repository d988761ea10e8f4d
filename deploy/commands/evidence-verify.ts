import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HubError, messageOf } from '#kernel/errors.ts';
import { readEvidenceFile, type EvidenceContent } from '#connectors/sqlite/evidence-reader.ts';
import { evidenceKeyFiles } from '#connectors/sqlite/evidence-signer.ts';
import { evidenceKeyId, verifyEvidence } from '#ontology/evidence.ts';
import { exitCodes, readArguments, UsageError, type ExitCode } from '../arguments.ts';
import { dataPath } from '../config.ts';
import type { Terminal } from '../terminal.ts';
import { parseEvidenceLines } from './evidence-lines.ts';

export const evidenceHelp = `twinhub evidence verify [--data DIR | --file FILE] [--tenant TENANT] [--public-key FILE]
Checks links, hashes and signatures of the evidence log, without a running hub.
  --data DIR         the hub's data folder (default .twinhub, or TWINHUB_DATA_DIR)
  --file FILE        an exported log (JSON lines) instead
  --tenant TENANT    of this tenant alone
  --public-key FILE  the key to check against (PEM). Without it the key that lies beside the log is taken,
                     which shows accidents and edits, but not somebody who replaced log and key together.
twinhub evidence export [--data DIR] [--tenant TENANT]
Prints the log as JSON lines: the public key, then entries and checkpoints.
Exit codes: 0 nothing wrong, 1 findings, 2 usage, 3 cannot read.`;

const maxPrinted = 50;

/**
 * `twinhub evidence verify`: checks a log offline.
 * @returns 0 nothing wrong, 1 findings, 2 wrong words, 3 what was named cannot be read.
 */
export async function evidenceVerify(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    const { values, positionals } = readArguments(args, {
      data: { type: 'string' },
      file: { type: 'string' },
      tenant: { type: 'string' },
      'public-key': { type: 'string' },
    });
    if (positionals.length) throw new UsageError(`Unexpected: ${positionals.join(' ')}.`);
    if (values.file !== undefined && values.data !== undefined)
      throw new UsageError('Give --data or --file, not both.');
    const { content, ownKey } = readSource(values, terminal);
    const publicKey = values['public-key'] === undefined ? ownKey : readText(values['public-key']);
    if (publicKey === null)
      throw new UsageError('There is no public key beside the log: name one with --public-key.');
    return report(content, checkedKey(publicKey), terminal);
  } catch (error) {
    if (error instanceof UsageError) terminal.err(`${error.message}\n\n${evidenceHelp}`);
    else terminal.err(error instanceof HubError ? `${error.code}: ${error.message}` : messageOf(error));
    return error instanceof UsageError ? exitCodes.usage : exitCodes.cannotRun;
  }
}

/** `twinhub evidence export`: prints a log as JSON lines. @throws {HubError} STORE_UNAVAILABLE */
export async function evidenceExport(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readArguments(args, {
    data: { type: 'string' },
    tenant: { type: 'string' },
  });
  if (positionals.length) throw new UsageError(`Unexpected: ${positionals.join(' ')}.`);
  const { content, ownKey } = readSource(values, terminal);
  if (ownKey !== null) terminal.out(JSON.stringify({ record: 'publicKey', pem: ownKey }));
  for (const entry of content.entries) terminal.out(JSON.stringify({ record: 'entry', ...entry }));
  for (const checkpoint of content.checkpoints)
    terminal.out(JSON.stringify({ record: 'checkpoint', ...checkpoint }));
  return exitCodes.fine;
}

/** `twinhub evidence verify|export`. */
export async function evidenceCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [what, ...rest] = args;
  if (what === 'verify') return evidenceVerify(rest, terminal);
  if (what === 'export') return evidenceExport(rest, terminal);
  throw new UsageError(what === undefined ? 'Say what: verify or export.' : `There is no evidence ${what}.`);
}

function readSource(
  values: { readonly data?: string; readonly file?: string; readonly tenant?: string },
  terminal: Terminal,
) {
  const tenant = values.tenant ?? null;
  if (values.file !== undefined) {
    const { entries, checkpoints, publicKey } = parseEvidenceLines(readText(values.file));
    const ofTenant = <T extends { readonly tenant: string }>(items: readonly T[]) =>
      items.filter((item) => tenant === null || item.tenant === tenant);
    return { content: { entries: ofTenant(entries), checkpoints: ofTenant(checkpoints) }, ownKey: publicKey };
  }
  const folder = dataPath(terminal.env, values.data, terminal.cwd);
  const keyFile = join(folder, evidenceKeyFiles.publicKey);
  return {
    content: readEvidenceFile(join(folder, 'hub.sqlite'), tenant),
    ownKey: existsSync(keyFile) ? readText(keyFile) : null,
  };
}

function report(content: EvidenceContent, publicKey: string, terminal: Terminal): ExitCode {
  const { findings, entries, checkpoints, unsigned } = verifyEvidence(
    content.entries,
    content.checkpoints,
    publicKey,
  );
  for (const { tenant, sequence, text } of findings.slice(0, maxPrinted))
    terminal.out(`${tenant}${sequence === null ? '' : ` entry ${sequence}`}: ${text}`);
  if (findings.length > maxPrinted) terminal.out(`... and ${findings.length - maxPrinted} more.`);
  terminal.out(
    `${entries} entries, ${checkpoints} checkpoints of key ${evidenceKeyId(publicKey)}, ${unsigned} entries not signed yet: ${findings.length ? `${findings.length} finding(s)` : 'nothing wrong'}.`,
  );
  return findings.length ? exitCodes.findings : exitCodes.fine;
}

function checkedKey(pem: string): string {
  try {
    evidenceKeyId(pem);
    return pem;
  } catch (error) {
    throw new UsageError('The public key is not one in PEM form.', error);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new HubError('STORE_UNAVAILABLE', `Cannot read ${path}: ${messageOf(error)}`, {
      cause: error,
      details: { path },
    });
  }
}
