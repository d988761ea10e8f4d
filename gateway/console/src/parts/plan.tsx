import { formatDateTime, formatDay, formatEnum, formatNumber, formatTime, formatUnit } from '../format.ts';
import type { ApprovalView, PlanView } from '../types.ts';

/** What is to be approved: exactly this. */
export function Plan({ plan }: { plan: PlanView }) {
  return (
    <section aria-label="Plan">
      <h2>Plan: {plan.action}</h2>
      <dl class="pairs">
        <div>
          <dt>Priority</dt>
          <dd>{formatEnum(plan.priority)}</dd>
        </div>
        <div>
          <dt>Work</dt>
          <dd>
            {formatNumber(plan.workHours)} h,{' '}
            {plan.needsStop ? 'the asset must stand still' : 'while it runs'}
          </dd>
        </div>
        <div>
          <dt>Window</dt>
          <dd>
            {dayAndTime(plan.earliestStart)} to {dayAndTime(plan.latestEnd)}
          </dd>
        </div>
        <div>
          <dt>Parts</dt>
          <dd>
            {!plan.parts.length && 'none'}
            {plan.parts.map((part) => (
              <div key={part.product}>
                {part.quantity} {partUnit(part.unit)} <code>{part.product}</code> {part.description}
              </div>
            ))}
          </dd>
        </div>
        {plan.comment && (
          <div>
            <dt>Comment</dt>
            <dd>{plan.comment}</dd>
          </div>
        )}
        <div>
          <dt>Fingerprint</dt>
          <dd>
            <code title={`SHA-256 of the plan: ${plan.hash}`}>{plan.hash.slice(0, 12)}</code>{' '}
            <small>An approval holds for exactly this plan.</small>
          </dd>
        </div>
      </dl>
    </section>
  );
}

/** With the day also today: a window spans days. */
const dayAndTime = (instant: string) => `${formatDay(instant)} ${formatTime(instant)}`;

/** UCUM `1` counts pieces. */
const partUnit = (unit: string) => formatUnit(unit) || '×';

export function Approvals(props: { approvals: readonly ApprovalView[]; required: number }) {
  const given = props.approvals.filter((one) => one.valid && one.decision === 'APPROVED').length;
  return (
    <section aria-label="Approvals">
      <h2>
        Approvals: {given} of {props.required}
        {props.required > 1 && <small> by different persons</small>}
      </h2>
      {!props.approvals.length && <p class="empty">None yet.</p>}
      <ul class="plain">
        {props.approvals.map((one) => (
          <li key={`${one.by}${one.at}`}>
            <span class={one.valid ? '' : 'void'}>
              <b>{one.by}</b> {one.decision.toLowerCase()} {formatDateTime(one.at)}
              {one.comment && ` “${one.comment}”`}
            </span>
            {!one.valid && ' void: the plan was amended'}
          </li>
        ))}
      </ul>
    </section>
  );
}
