import { useState } from 'preact/hooks';
import { formatEnum } from '../format.ts';
import type { PlanView } from '../types.ts';
import { Form, type FormProps } from './decision-form.tsx';

const priorities = ['LOW', 'MEDIUM', 'HIGH', 'URGENT'] as const;

/** A plan as the form holds it; times as a `datetime-local` input has them, local and to the second. */
interface Draft {
  readonly action: string;
  readonly priority: string;
  readonly workHours: string;
  readonly needsStop: boolean;
  readonly earliestStart: string;
  readonly latestEnd: string;
  readonly comment: string;
}

function draftOf(plan: PlanView): Draft {
  return {
    action: plan.action,
    priority: plan.priority,
    workHours: String(plan.workHours),
    needsStop: plan.needsStop,
    earliestStart: localInput(plan.earliestStart),
    latestEnd: localInput(plan.latestEnd),
    comment: plan.comment,
  };
}

function localInput(instant: string): string {
  const date = new Date(instant);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

/** Only what was changed goes out, so that times keep what the input cannot hold. */
function changes(before: Draft, after: Draft): Readonly<Record<string, unknown>> {
  const names = (Object.keys(after) as (keyof Draft)[]).filter((name) => after[name] !== before[name]);
  return Object.fromEntries(names.map((name) => [name, wireValue(name, after[name])]));
}

function wireValue(name: keyof Draft, value: string | boolean): unknown {
  if (name === 'workHours') return Number(value);
  if (name === 'earliestStart' || name === 'latestEnd') return new Date(String(value)).toISOString();
  return value;
}

/** Changes a plan; approvals given so far become void, and the form says so. */
export function AmendForm(props: FormProps) {
  const { item, action } = props;
  const [before] = useState(() => (item.plan ? draftOf(item.plan) : null));
  const [draft, setDraft] = useState(before);
  if (!before || !draft) return <p class="empty">There is no plan yet.</p>;
  const changed = changes(before, draft);
  const set = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const given = item.approvals.filter((one) => one.valid).length;
  return (
    <Form
      {...props}
      submit={() => {
        if (Object.keys(changed).length) props.send({ ...action.input(item, '', ''), plan: changed });
        else props.back();
      }}
    >
      <p class="facts">Who amends a plan cannot approve it: that takes others.</p>
      {given > 0 && (
        <p class="attention">
          {given === 1 ? 'The approval given so far becomes' : `The ${given} approvals given so far become`}{' '}
          void.
        </p>
      )}
      <label>
        What is to be done
        <input
          type="text"
          required
          maxLength={500}
          value={draft.action}
          onInput={(event) => set({ action: event.currentTarget.value })}
          autoFocus
        />
      </label>
      <div class="fields">
        <label>
          Priority
          <select value={draft.priority} onChange={(event) => set({ priority: event.currentTarget.value })}>
            {priorities.map((one) => (
              <option key={one} value={one}>
                {formatEnum(one)}
              </option>
            ))}
          </select>
        </label>
        <label>
          Work, hours
          <input
            type="number"
            min="0.1"
            max="10000"
            step="any"
            required
            value={draft.workHours}
            onInput={(event) => set({ workHours: event.currentTarget.value })}
          />
        </label>
        <label>
          Not before
          <input
            type="datetime-local"
            step="1"
            required
            value={draft.earliestStart}
            onInput={(event) => set({ earliestStart: event.currentTarget.value })}
          />
        </label>
        <label>
          Done by
          <input
            type="datetime-local"
            step="1"
            required
            value={draft.latestEnd}
            onInput={(event) => set({ latestEnd: event.currentTarget.value })}
          />
        </label>
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={draft.needsStop}
          onChange={(event) => set({ needsStop: event.currentTarget.checked })}
        />
        The asset must stand still
      </label>
      <label>
        Comment
        <textarea
          rows={2}
          maxLength={2000}
          value={draft.comment}
          onInput={(event) => set({ comment: event.currentTarget.value })}
        />
      </label>
    </Form>
  );
}
