import { useEffect, useState } from 'preact/hooks';
import { formatEnum } from '../format.ts';
import { useQuery } from '../hooks.ts';
import { findQuery } from '../operations.ts';
import { href, navigate } from '../router.ts';
import type { FoundTwin } from '../types.ts';
import { Dialog } from './dialog.tsx';
import { Problems } from './problems.tsx';

/** Finds twins by a part of their id or name; arrows choose, Enter opens. */
export function Finder({ close }: { close: () => void }) {
  const [text, setText] = useState('');
  const asked = useSettled(text.trim(), 200);
  const { data, errors, loading } = useQuery<{ twins: { nodes: readonly FoundTwin[] } }>(findQuery, {
    text: asked,
  });
  const found = closestFirst(data?.twins.nodes ?? [], asked.toLowerCase());
  const [chosen, choose] = useState(0);
  const index = Math.min(chosen, found.length - 1);
  const open = (twin: FoundTwin | undefined) => {
    if (!twin) return;
    close();
    navigate(addressOf(twin));
  };
  const onKey = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) choose(Math.min(found.length - 1, Math.max(0, index + by)));
    if (event.key === 'Enter') open(found[index]);
    if (by || event.key === 'Enter') event.preventDefault();
  };
  return (
    <Dialog title="Find a twin" close={close}>
      <input
        class="find"
        // Not "search": there Escape empties the field instead of closing the dialog.
        type="text"
        role="combobox"
        list={undefined}
        aria-label="Part of id or name"
        aria-expanded={found.length > 0}
        aria-controls="found"
        aria-activedescendant={found[index] ? `found-${index}` : undefined}
        placeholder="Part of id or name, e.g. P-101"
        autoFocus
        value={text}
        onKeyDown={onKey}
        onInput={(event) => {
          setText(event.currentTarget.value);
          choose(0);
        }}
      />
      <Problems errors={errors} />
      <ul id="found" class="found" role="listbox" aria-label="Twins">
        {found.map((twin, at) => (
          <li
            key={twin.id}
            id={`found-${at}`}
            role="option"
            aria-selected={at === index}
            onClick={() => open(twin)}
          >
            <b>{twin.twinId}</b> {twin.name}
            <small>
              {formatEnum(twin.kind)} {twin.ancestors.length > 0 && '· '}
              {twin.ancestors.map((one) => one.name).join(' › ')}
            </small>
          </li>
        ))}
      </ul>
      {!found.length && <p class="empty">{loading ? 'Looking…' : `No twin with “${asked}”.`}</p>}
    </Dialog>
  );
}

/** Assets and their parts have a page; places above show what lies in them. */
export function addressOf(twin: { readonly twinId: string; readonly kind: string }): string {
  return href(['ASSET', 'COMPONENT'].includes(twin.kind) ? 'asset' : 'plant', twin.twinId);
}

/** The twin of exactly this id, then those whose id begins so, then the others in the plant's order. */
function closestFirst(twins: readonly FoundTwin[], text: string): readonly FoundTwin[] {
  const rank = ({ twinId }: FoundTwin) => {
    const id = twinId.toLowerCase();
    return id === text ? 0 : id.startsWith(text) ? 1 : 2;
  };
  return [...twins].sort((a, b) => rank(a) - rank(b));
}

/** The value once it stayed the same for a while. */
function useSettled<T>(value: T, afterMs: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), afterMs);
    return () => clearTimeout(timer);
  }, [value, afterMs]);
  return settled;
}
