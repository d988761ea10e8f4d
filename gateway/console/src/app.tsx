import { useState } from 'preact/hooks';
import { signInHref } from './api.ts';
import { useNow } from './clock.ts';
import { formatAge, formatEnum, formatTime } from './format.ts';
import { useKeys, useLive, useQuery, useSubscription } from './hooks.ts';
import { inboxQuery, viewerQuery, workflowChanges } from './operations.ts';
import { Finder } from './parts/finder.tsx';
import { KeyHelp } from './parts/key-help.tsx';
import { Problems } from './parts/problems.tsx';
import { Toasts } from './parts/toasts.tsx';
import { href, navigate, useRoute } from './router.ts';
import { applyTheme, storedTheme, themes } from './theme.ts';
import type { InboxItem, Viewer } from './types.ts';
import { AssetPage } from './views/asset.tsx';
import { Inbox } from './views/inbox.tsx';
import { Overview } from './views/overview.tsx';
import { WorkflowPage } from './views/workflow.tsx';
import { Workflows } from './views/workflows.tsx';

/** The frame of every view: where one is, whether it is live, who one is. */
export function App() {
  const [section = 'plant', id] = useRoute();
  const viewer = useQuery<{ viewer: Viewer }>(viewerQuery);
  const inbox = useQuery<{ inbox: readonly InboxItem[] }>(inboxQuery);
  const [dialog, setDialog] = useState<'keys' | 'find' | null>(null);
  useSubscription(workflowChanges, {}, inbox.refetch);
  useKeys({
    '1': () => navigate(href('plant')),
    '2': () => navigate(href('inbox')),
    '3': () => navigate(href('workflows')),
    '/': () => setDialog('find'),
    '?': () => setDialog('keys'),
  });
  const items = inbox.data?.inbox ?? [];
  const area = { asset: 'plant', workflow: 'workflows' }[section] ?? section;
  return (
    <>
      <a class="skip" href="#content">
        Skip to content
      </a>
      <header class="top">
        <a class="brand" href={href('plant')}>
          Twinhub
        </a>
        <nav aria-label="Sections">
          <NavLink to="plant" label="Plant" area={area} />
          <NavLink to="inbox" label="Inbox" area={area} count={items.length} />
          <NavLink to="workflows" label="Workflows" area={area} />
        </nav>
        <button type="button" class="quiet" onClick={() => setDialog('find')}>
          Find<kbd aria-hidden="true">/</kbd>
        </button>
        <LiveSign />
        {viewer.data && <Who viewer={viewer.data.viewer} />}
        <Tools openKeys={() => setDialog('keys')} />
      </header>
      <NotLive />
      {viewer.data && <SessionEnd viewer={viewer.data.viewer} />}
      <main id="content" tabIndex={-1}>
        <Problems errors={viewer.errors} />
        {section === 'plant' && <Overview scope={id} />}
        {section === 'asset' && id && <AssetPage key={id} twinId={id} />}
        {section === 'inbox' && (
          <Inbox items={items} errors={inbox.errors} loading={inbox.loading} refetch={inbox.refetch} />
        )}
        {section === 'workflows' && <Workflows />}
        {section === 'workflow' && id && <WorkflowPage key={id} id={id} />}
        {!['plant', 'asset', 'inbox', 'workflows', 'workflow'].includes(section) && (
          <>
            <h1>Not found</h1>
            <p class="empty">
              There is no such page. <a href={href('plant')}>To the plant</a>
            </p>
          </>
        )}
      </main>
      <Toasts />
      {dialog === 'keys' && <KeyHelp close={() => setDialog(null)} />}
      {dialog === 'find' && <Finder close={() => setDialog(null)} />}
    </>
  );
}

function NavLink(props: { to: string; label: string; area: string; count?: number }) {
  const { to, label, area, count = 0 } = props;
  return (
    <a href={href(to)} aria-current={area === to ? 'page' : undefined}>
      {label}
      {count > 0 && (
        <span class="count">
          {count}
          <span class="hidden"> waiting for you</span>
        </span>
      )}
    </a>
  );
}

function LiveSign() {
  const { state } = useLive();
  const text = { live: 'Live', connecting: 'Connecting', lost: 'Not live' }[state];
  return (
    <span class={`live live-${state}`} role="status">
      {text}
    </span>
  );
}

/** Says across the page that what is shown is not the present. */
function NotLive() {
  const { state, since } = useLive();
  const now = useNow();
  if (state !== 'lost') return null;
  return (
    <p class="not-live" role="alert">
      <b>Not live since {formatTime(since)}</b> ({formatAge(now - since)}): the hub cannot be reached. Values
      and states are the last that arrived. Trying again by itself.
    </p>
  );
}

/** From when on the end of the session is announced, ms before it. */
const warnMs = 10 * 60_000;

function SessionEnd({ viewer }: { viewer: Viewer }) {
  const left = Date.parse(viewer.sessionExpiresAt) - useNow();
  if (left > warnMs) return null;
  return (
    <p class="not-live" role="alert">
      Your sign-in ends {left > 0 ? `in ${formatAge(left)}` : 'now'}. <a href={signInHref()}>Sign in again</a>
    </p>
  );
}

function Who({ viewer }: { viewer: Viewer }) {
  const roles = viewer.roles.map((role) => formatEnum(role.replaceAll('-', '_')).toLowerCase()).join(', ');
  return (
    <form class="who" method="post" action="/sign-out">
      <span>
        {viewer.name} <small>{roles}</small>
      </span>
      <button class="quiet">Sign out</button>
    </form>
  );
}

function Tools({ openKeys }: { openKeys: () => void }) {
  const [theme, setTheme] = useState(storedTheme);
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'auto';
  return (
    <span class="tools">
      <button
        type="button"
        class="quiet"
        aria-label={`Colours: ${theme}. Change to ${next}`}
        title={`Colours: ${theme}`}
        onClick={() => {
          applyTheme(next);
          setTheme(next);
        }}
      >
        <span aria-hidden="true">{{ auto: '◐', light: '☀', dark: '☾' }[theme]}</span>
      </button>
      <button type="button" class="quiet" aria-label="Keys" title="Keys (?)" onClick={openKeys}>
        ?
      </button>
    </span>
  );
}
