import { useState } from 'preact/hooks';
import type { ApiError } from '../api.ts';
import { actions, decide, type Action } from '../decisions.ts';
import { formatEnum } from '../format.ts';
import { useKeys } from '../hooks.ts';
import { notify } from '../notices.ts';
import { href } from '../router.ts';
import type { InboxItem } from '../types.ts';
import { AmendForm } from './amend-form.tsx';
import { twinText } from './asset-link.tsx';
import { Dialog } from './dialog.tsx';
import { DecisionForm } from './decision-form.tsx';

interface Props {
  readonly item: InboxItem;
  /** Called once a decision was taken. */
  readonly done: () => void;
}

/** The buttons for what the viewer may do with a workflow now; single keys work too. */
export function Actions({ item, done }: Props) {
  // What was read is what is decided on, also when the workflow moves on while the dialog is open.
  const [open, setOpen] = useState<{ action: Action; item: InboxItem } | null>(null);
  const possible = item.allowedActions.flatMap((name) => actions[name] ?? []);
  const begin = (action: Action) => setOpen({ action, item });
  useKeys(
    Object.fromEntries(
      possible.flatMap((action) => (action.key ? [[action.key, () => begin(action)] as const] : [])),
    ),
  );
  if (!possible.length && !open) return null;
  return (
    <div class="actions">
      {possible.map((action) => (
        <button type="button" key={action.label} class={action.tone} onClick={() => begin(action)}>
          {action.label}
          {action.key && <kbd aria-hidden="true">{action.key}</kbd>}
        </button>
      ))}
      {open && <ActionDialog {...open} close={() => setOpen(null)} done={done} />}
    </div>
  );
}

function ActionDialog(props: Props & { action: Action; close: () => void }) {
  const { action, item, close, done } = props;
  const [errors, setErrors] = useState<readonly ApiError[]>([]);
  const [busy, setBusy] = useState(false);
  const send = async (input: Readonly<Record<string, unknown>>) => {
    if (busy) return;
    setBusy(true);
    const found = await decide(action, input);
    setBusy(false);
    setErrors(found);
    if (found.length) return done();
    notify(`${action.said}: ${item.recommendation.title}.`, {
      href: href('workflow', item.id),
      label: 'Timeline',
    });
    close();
    done();
  };
  const form = { action, item, busy, errors, send: (input: object) => void send({ ...input }), back: close };
  return (
    <Dialog title={`${action.label}: ${item.recommendation.title}`} close={close}>
      <p class="facts">
        {twinText(item.twin)} · {formatEnum(item.state)}
      </p>
      {action.mutation === 'amend' ? <AmendForm {...form} /> : <DecisionForm {...form} />}
    </Dialog>
  );
}
