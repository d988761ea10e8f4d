import { useEffect, useState } from 'preact/hooks';

/** One second hand for the whole page, so that all ages move together in one rendering. */
const watchers = new Set<(now: number) => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function watch(watcher: (now: number) => void): () => void {
  watchers.add(watcher);
  timer ??= setInterval(() => {
    const now = Date.now();
    for (const one of watchers) one(now);
  }, 1000);
  return () => {
    watchers.delete(watcher);
    if (watchers.size) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Epoch ms, each second anew. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => watch(setNow), []);
  return now;
}
