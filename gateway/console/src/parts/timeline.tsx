import { useState } from 'preact/hooks';
import { formatDay, formatEnum, formatTime, localTimes } from '../format.ts';
import type { ExchangedMessage, WorkflowStep } from '../types.ts';
import { StateBadge } from './badges.tsx';

const systems: Readonly<Record<string, string>> = { 'sap-pm': 'SAP PM', mes: 'MES', wms: 'WMS' };

type Entry = { readonly at: string; readonly order: number } & (
  { readonly step: WorkflowStep } | { readonly message: ExchangedMessage }
);

interface Props {
  readonly steps: readonly WorkflowStep[];
  readonly messages: readonly ExchangedMessage[];
}

/** Steps and messages of a workflow in one line of time, oldest first. */
export function Timeline({ steps, messages }: Props) {
  const [withMessages, showMessages] = useState(true);
  const entries = entriesOf(steps, withMessages ? messages : []);
  return (
    <>
      {messages.length > 0 && (
        <label class="toolbar check">
          <input
            type="checkbox"
            checked={withMessages}
            onChange={(event) => showMessages(event.currentTarget.checked)}
          />
          with the {messages.length} messages exchanged
        </label>
      )}
      <ol class="timeline">
        {entries.map((entry, index) => {
          const day = formatDay(entry.at);
          const before = entries[index - 1];
          const newDay = !before || formatDay(before.at) !== day ? day : null;
          return 'step' in entry ? (
            <Step key={`s${entry.step.sequence}`} step={entry.step} day={newDay} />
          ) : (
            <Message
              key={`${entry.message.direction}${entry.message.messageId}`}
              message={entry.message}
              day={newDay}
            />
          );
        })}
      </ol>
    </>
  );
}

function entriesOf(steps: readonly WorkflowStep[], messages: readonly ExchangedMessage[]): Entry[] {
  const entries: Entry[] = [
    ...steps.map((step) => ({ at: step.at, order: 1, step })),
    ...messages.map((message) => ({ at: message.at, order: 0, message })),
  ];
  return entries.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.order - b.order);
}

function When({ at, day }: { at: string; day: string | null }) {
  return (
    <time dateTime={at}>
      {day && <b>{day} </b>}
      {formatTime(at)}
    </time>
  );
}

function Step({ step, day }: { step: WorkflowStep; day: string | null }) {
  return (
    <li class="step">
      <When at={step.at} day={day} />
      <div>
        <p>{localTimes(step.text) || formatEnum(step.event)}</p>
        <small>
          {step.by}
          {step.from !== step.to && (
            <>
              {' → '}
              <StateBadge state={step.to} />
            </>
          )}
        </small>
      </div>
    </li>
  );
}

function Message({ message, day }: { message: ExchangedMessage; day: string | null }) {
  const system = systems[message.system] ?? message.system;
  const out = message.direction === 'OUT';
  return (
    <li class={`message ${message.direction.toLowerCase()}`}>
      <When at={message.at} day={day} />
      <details>
        <summary>
          <span class="way">
            <span aria-hidden="true">{out ? '→' : '←'}</span> {out ? 'to' : 'from'} {system}
          </span>{' '}
          <code>{message.type}</code>
        </summary>
        <pre tabIndex={0} aria-label={`Body of ${message.type}`}>
          {JSON.stringify(message.body, null, 2)}
        </pre>
        <small>
          Message <code>{message.messageId}</code>
        </small>
      </details>
    </li>
  );
}
