import { stat } from 'node:fs/promises';

/** Between two looks at the files, milliseconds. */
const lookEveryMs = 1_000;

/** By file: what tells its content from another one's, as it was before the file was read. */
export type FileVersions = ReadonlyMap<string, string>;

/** Notes how files are now; to be called before they are read. A file that is not there has a version, too. */
export async function versionsOf(files: readonly string[]): Promise<FileVersions> {
  return new Map(await Promise.all(files.map(async (file) => [file, await versionOf(file)] as const)));
}

/** Links are followed: mounted configuration is exchanged by turning a link. */
async function versionOf(file: string): Promise<string> {
  try {
    const { mtimeNs, ctimeNs, size, ino, dev } = await stat(file, { bigint: true });
    return [mtimeNs, ctimeNs, size, ino, dev].join();
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  }
}

/**
 * Calls back when one of the files is another than the one that was read. Files are looked at, not subscribed to: that works
 * on network file systems, and where a file is replaced by a link to the next one.
 *
 * @param read - what was read last; asked at each look.
 * @param onChange - the next look comes when it is done.
 * @returns stops looking.
 */
export function watchFiles(read: () => FileVersions, onChange: () => Promise<unknown>): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const look = async () => {
    const known = read();
    const present = await versionsOf([...known.keys()]);
    if (!stopped && [...present].some(([file, version]) => known.get(file) !== version)) await onChange();
  };
  const wait = () => {
    // A watched file keeps no process alive.
    timer = setTimeout(() => void look().finally(() => stopped || wait()), lookEveryMs).unref();
  };
  wait();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
