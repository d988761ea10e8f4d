import { useEffect, useState } from 'preact/hooks';
import type { ApiError } from '../api.ts';
import { useNow } from '../clock.ts';
import { formatAge } from '../format.ts';
import { useKeys, useTitle } from '../hooks.ts';
import { Actions } from '../parts/actions.tsx';
import { AssetLink } from '../parts/asset-link.tsx';
import { SeverityBadge, StateBadge } from '../parts/badges.tsx';
import { Approvals, Plan } from '../parts/plan.tsx';
import { Problems } from '../parts/problems.tsx';
import { Recommendation } from '../parts/recommendation.tsx';
import { href, navigate } from '../router.ts';
import type { InboxItem } from '../types.ts';
import { nextStep } from '../workflow-states.ts';

interface Props {
  readonly items: readonly InboxItem[];
  readonly errors: readonly ApiError[];
  readonly loading: boolean;
  readonly refetch: () => void;
}

/** What waits for the viewer, most urgent first: read, decide, next. */
export function Inbox({ items, errors, loading, refetch }: Props) {
  useTitle('Inbox');
  const { index, choose } = useChoice(items);
  const chosen = items[index];
  const move = (by: number) => choose(Math.min(items.length - 1, Math.max(0, index + by)));
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => chosen && navigate(href('workflow', chosen.id)),
  });
  useEffect(() => {
    const row = document.querySelector<HTMLElement>('.inbox [aria-selected=true]');
    row?.scrollIntoView({ block: 'nearest' });
    if (document.activeElement?.matches('.inbox [role=option]')) row?.focus();
  }, [chosen?.id]);
  return (
    <>
      <h1>Inbox {items.length > 0 && <small>{items.length} waiting for you</small>}</h1>
      <Problems errors={errors} />
      {!items.length && (
        <div class="card calm">
          <p>{loading ? 'Loading…' : 'Nothing waits for you.'}</p>
          {!loading && (
            <p class="facts">
              What waits for others stands under <a href={href('workflows')}>Workflows</a>. A new item appears
              here by itself.
            </p>
          )}
        </div>
      )}
      {chosen && (
        <div class="inbox">
          <ul role="listbox" aria-label="Waiting for you">
            {items.map((item, at) => (
              <Row key={item.id} item={item} selected={at === index} choose={() => choose(at)} />
            ))}
          </ul>
          <Detail item={chosen} done={refetch} />
        </div>
      )}
    </>
  );
}

/** Keeps an item chosen wherever it moves; when it is gone the one that took its place is chosen. */
function useChoice(items: readonly InboxItem[]) {
  const [choice, setChoice] = useState<{ readonly id: string | null; readonly index: number }>({
    id: null,
    index: 0,
  });
  const found = items.findIndex((item) => item.id === choice.id);
  const index = found >= 0 ? found : Math.max(0, Math.min(choice.index, items.length - 1));
  const id = items[index]?.id ?? null;
  useEffect(() => {
    // An empty list on its way in keeps what was chosen.
    if (id !== null && (id !== choice.id || index !== choice.index)) setChoice({ id, index });
  }, [id, index, choice]);
  return { index, choose: (at: number) => setChoice({ id: items[at]?.id ?? null, index: at }) };
}

function Detail({ item, done }: { item: InboxItem; done: () => void }) {
  const next = nextStep(item.state, item.approvalsRequired);
  return (
    <article aria-label={item.recommendation.title}>
      <header>
        <h2 class="title">{item.recommendation.title}</h2>
        <p>
          <AssetLink twin={item.twin} /> <StateBadge state={item.state} />
        </p>
        <p class="attention">
          {item.attention ?? `${next.what}.`} <span class="who-decides">Who decides: {next.who}.</span>
        </p>
        <Actions item={item} done={done} />
      </header>
      {item.plan && <Plan plan={item.plan} />}
      {item.plan && <Approvals approvals={item.approvals} required={item.approvalsRequired} />}
      <Recommendation recommendation={item.recommendation} />
      <p>
        <a href={href('workflow', item.id)}>Timeline and messages</a>
      </p>
    </article>
  );
}

function Row({ item, selected, choose }: { item: InboxItem; selected: boolean; choose: () => void }) {
  const now = useNow();
  return (
    <li role="option" aria-selected={selected} tabIndex={selected ? 0 : -1} onClick={choose} onFocus={choose}>
      <b>{item.twin?.twinId}</b> {item.recommendation.title}
      <span>
        <SeverityBadge severity={item.recommendation.severity} /> <StateBadge state={item.state} />{' '}
        <small>{formatAge(now - Date.parse(item.updatedAt))}</small>
      </span>
    </li>
  );
}
