import type { WorkflowStep } from '../types.ts';
import { stages } from '../workflow-states.ts';

/** Where a workflow stands on its way, and how far it came when it left the way. */
export function Stages({ state, history }: { state: string; history: readonly WorkflowStep[] }) {
  const on = (name: string) => stages.findIndex((stage) => stage.states.includes(name));
  const furthest =
    [...history]
      .reverse()
      .map((step) => on(step.to))
      .find((index) => index >= 0) ?? 0;
  const now = on(state);
  const reached = now >= 0 ? now : furthest;
  const closed = state === 'CLOSED';
  return (
    <ol class="stages" aria-label="Stages">
      {stages.map((stage, index) => {
        const done = index < reached || closed;
        const current = index === now && !closed;
        return (
          <li
            key={stage.name}
            class={done ? 'done' : current ? 'current' : ''}
            aria-current={current ? 'step' : undefined}
          >
            <span aria-hidden="true">{done ? '✓' : current ? '▸' : ''}</span> {stage.name}
            {done && <span class="hidden"> done</span>}
          </li>
        );
      })}
    </ol>
  );
}
