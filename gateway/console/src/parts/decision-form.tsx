import { useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import type { ApiError } from '../api.ts';
import type { Action } from '../decisions.ts';
import { formatEnum } from '../format.ts';
import type { InboxItem } from '../types.ts';
import { Problems } from './problems.tsx';

/** What the forms of decisions share. */
export interface FormProps {
  readonly action: Action;
  readonly item: InboxItem;
  readonly busy: boolean;
  readonly errors: readonly ApiError[];
  readonly send: (input: object) => void;
  readonly back: () => void;
}

/** A form with its errors and buttons; Ctrl+Enter sends it from anywhere inside. */
export function Form(props: FormProps & { submit: () => void; children: ComponentChildren }) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        props.submit();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
      }}
    >
      {props.children}
      <Problems errors={props.errors} />
      <div class="actions">
        <button class="main" disabled={props.busy}>
          {props.action.label}
        </button>
        <button type="button" onClick={props.back}>
          Back
        </button>
      </div>
    </form>
  );
}

/** Verdict and comment. */
export function DecisionForm(props: FormProps) {
  const { action, item } = props;
  const [comment, setComment] = useState('');
  const [choice, setChoice] = useState(action.choices?.[0] ?? '');
  return (
    <Form {...props} submit={() => props.send(action.input(item, comment.trim(), choice))}>
      {item.plan && (
        <p>
          {item.plan.action} <small>plan {item.plan.hash.slice(0, 12)}</small>
        </p>
      )}
      {action.choices && (
        <fieldset>
          <legend>Verdict</legend>
          {action.choices.map((value) => (
            <label key={value} class="check">
              <input
                type="radio"
                name="choice"
                value={value}
                checked={choice === value}
                onChange={() => setChoice(value)}
              />
              {formatEnum(value)}
            </label>
          ))}
        </fieldset>
      )}
      <label>
        {action.ask}
        <textarea
          rows={3}
          required={action.required}
          maxLength={1000}
          value={comment}
          onInput={(event) => setComment(event.currentTarget.value)}
          autoFocus
        />
      </label>
    </Form>
  );
}
