import { useEffect, useState } from 'preact/hooks';
import { dismissNotice, watchNotices, type Notice } from '../notices.ts';

/** Confirmations, read out by screen readers; they go by themselves. */
export function Toasts() {
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  useEffect(() => watchNotices(setNotices), []);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {notices.map((notice) => (
        <p key={notice.id} class="toast">
          <span aria-hidden="true">✓</span> <span>{notice.text}</span>{' '}
          {notice.link && <a href={notice.link.href}>{notice.link.label}</a>}
          <button
            type="button"
            class="quiet"
            aria-label="Dismiss message"
            onClick={() => dismissNotice(notice.id)}
          >
            ✕
          </button>
        </p>
      ))}
    </div>
  );
}
