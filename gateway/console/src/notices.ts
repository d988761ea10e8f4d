/** A short message that something was done. */
export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly link?: { readonly href: string; readonly label: string };
}

const shownMs = 9_000;
const watchers = new Set<(notices: readonly Notice[]) => void>();
let notices: readonly Notice[] = [];
let count = 0;

function set(next: readonly Notice[]): void {
  notices = next;
  for (const watcher of watchers) watcher(notices);
}

/** Shows a message for some seconds and reads it out to screen readers. */
export function notify(text: string, link?: Notice['link']): void {
  const notice = { id: (count += 1), text, ...(link ? { link } : {}) };
  set([...notices.slice(-2), notice]);
  setTimeout(() => dismissNotice(notice.id), shownMs);
}

export function dismissNotice(id: number): void {
  set(notices.filter((notice) => notice.id !== id));
}

/** Tells the messages that are shown, now and at each change. */
export function watchNotices(watcher: (notices: readonly Notice[]) => void): () => void {
  watchers.add(watcher);
  watcher(notices);
  return () => void watchers.delete(watcher);
}
