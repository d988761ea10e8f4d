/**
 * Runs `work` once for any number of calls that come while it runs or waits to run: a burst costs one run, and the
 * last call is always followed by a run that began after it.
 *
 * @param work - must not throw.
 */
export function coalesce(work: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  const run = async () => {
    running = true;
    // The calls of one burst come in one turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    do {
      again = false;
      await work();
    } while (again);
    running = false;
  };
  return () => {
    if (running) again = true;
    else void run();
  };
}
