/** Tells a person on standard error what takes time. */
export function progress(text: string): void {
  process.stderr.write(`[services] ${text}\n`);
}
