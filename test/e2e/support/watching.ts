import type { LogLine } from '#kernel/log.ts';
import type { HubProcess } from './hub-process.ts';

/** What /health answers. */
export interface Health {
  readonly status: number;
  readonly body: {
    readonly ok: boolean;
    readonly status: string;
    readonly stores: Readonly<Record<string, boolean>>;
    /** RFC 3339, of the stores that are away. */
    readonly awaySince?: Readonly<Record<string, string>>;
    readonly ingest: {
      readonly buffered: number;
      readonly stored: number;
      readonly lost: number;
      readonly failures: number;
    };
    readonly plants: readonly string[];
  };
}

/** Asks /health; it has to answer within 5 s whatever is away. */
export async function healthOf(hub: Pick<HubProcess, 'url'>): Promise<Health> {
  const response = await fetch(`${hub.url}/health`, { signal: AbortSignal.timeout(5_000) });
  return { status: response.status, body: (await response.json()) as Health['body'] };
}

/** The JSON lines among what a hub printed. */
export function logLinesOf(output: string): readonly LogLine[] {
  return output
    .split('\n')
    .flatMap((line) => (line.startsWith('{"time"') ? [JSON.parse(line) as LogLine] : []));
}
