import { initialTransition, transition, type AnyMachineSnapshot } from 'xstate';
import { canonicalJson, sha256Hex } from '#kernel/canonical.ts';
import { HubError } from '#kernel/errors.ts';
import type { MaintenanceCommand, RecommendationSettled } from '#ontology/maintenance.ts';
import type { MachineRef } from '#ontology/ports/workflow-store.ts';
import { workflowStates, type WorkflowState } from '#ontology/workflow.ts';
import type { MaintenanceContext, MaintenanceInput } from './maintenance/context.ts';
import type { MachineEvent } from './maintenance/events.ts';
import { maintenanceMachine, maintenanceVersion } from './maintenance/machine.ts';

/** A machine's state as it is stored; a JSON value. */
export interface MachineSnapshot {
  readonly value: WorkflowState;
  readonly context: MaintenanceContext;
  readonly status: 'active' | 'done';
}

/** What a transition asks the outside to do. */
export type Effect =
  | { readonly kind: 'command'; readonly command: MaintenanceCommand }
  | { readonly kind: 'settle'; readonly settled: RecommendationSettled };

/** A snapshot with the effects that led to it. */
export interface Transition {
  readonly snapshot: MachineSnapshot;
  readonly effects: readonly Effect[];
}

/** One version of a machine, pure. */
export interface MachineVersion {
  readonly ref: MachineRef;
  start(input: MaintenanceInput): Transition;
  /** `null` when the state does not take the event. */
  take(snapshot: MachineSnapshot, event: MachineEvent): Transition | null;
}

/** Carries a stored snapshot of one version over to the next. Written once, by hand, for each change of a machine. */
export interface Migration {
  readonly machine: string;
  readonly from: number;
  migrate(snapshot: unknown): unknown;
}

/** SHA-256 of a machine's definition: states, transitions, names and parameters of guards and actions, not their code. */
export function definitionHash(config: unknown): string {
  return sha256Hex(canonicalJson(JSON.parse(JSON.stringify(config))));
}

/** The maintenance machine as this hub has it. */
export const maintenanceMachineVersion: MachineVersion = {
  ref: {
    id: maintenanceMachine.id,
    version: maintenanceVersion,
    hash: definitionHash(maintenanceMachine.config),
  },
  start: (input) => toTransition(...initialTransition(maintenanceMachine, input)),
  take(snapshot, event) {
    const { value, context, status } = snapshot;
    // The pure `transition` still takes what the root handles when the machine has ended.
    if (status === 'done') return null;
    const resolved = maintenanceMachine.resolveState({ value, context, status });
    return resolved.can(event) ? toTransition(...transition(maintenanceMachine, resolved, event)) : null;
  },
};

function toTransition(
  snapshot: AnyMachineSnapshot,
  actions: readonly { readonly type: string; readonly params: unknown }[],
): Transition {
  const { value, context, status } = snapshot;
  return {
    snapshot: {
      value: value as WorkflowState,
      context: context as MaintenanceContext,
      status: status === 'done' ? 'done' : 'active',
    },
    effects: actions.flatMap((action): Effect[] => {
      if (action.type === 'command')
        return (action.params as { commands: readonly MaintenanceCommand[] }).commands.map((command) => ({
          kind: 'command',
          command,
        }));
      if (action.type === 'settle')
        return [{ kind: 'settle', settled: (action.params as { settled: RecommendationSettled }).settled }];
      return [];
    }),
  };
}

/** The machines a hub can run, and how older ones are carried over. */
export class MachineRegistry {
  readonly current: MachineVersion;
  readonly #versions: ReadonlyMap<string, MachineVersion>;
  readonly #migrations: readonly Migration[];

  /** @param versions - the first one is what new workflows run on. */
  constructor(
    versions: readonly [MachineVersion, ...MachineVersion[]] = [maintenanceMachineVersion],
    migrations: readonly Migration[] = [],
  ) {
    this.current = versions[0];
    this.#versions = new Map(versions.map((version) => [key(version.ref), version]));
    this.#migrations = migrations;
  }

  /**
   * The machine a stored workflow runs on, with its snapshot, migrated where its own version is not kept.
   * @throws {HubError} STEP_NOT_ALLOWED - this hub has neither the version nor a migration from it, or its definition
   *   is another one than the workflow was started with.
   */
  load(
    ref: MachineRef,
    snapshot: unknown,
  ): { readonly version: MachineVersion; readonly snapshot: MachineSnapshot } {
    let [version, carried] = [ref.version, snapshot];
    for (
      let known = this.#versions.get(key({ ...ref, version }));
      ;
      known = this.#versions.get(key({ ...ref, version }))
    ) {
      if (known && (version !== ref.version || known.ref.hash === ref.hash))
        return { version: known, snapshot: checkedSnapshot(carried) };
      const migration = this.#migrations.find((one) => one.machine === ref.id && one.from === version);
      if (!migration) throw unknownMachine(ref, known);
      carried = migration.migrate(carried);
      version += 1;
    }
  }
}

const key = ({ id, version }: Pick<MachineRef, 'id' | 'version'>) => `${id}@${version}`;

function unknownMachine(ref: MachineRef, known: MachineVersion | undefined): HubError {
  const why = known
    ? `its definition changed (stored ${ref.hash.slice(0, 12)}, here ${known.ref.hash.slice(0, 12)})`
    : 'this hub does not have that version';
  return new HubError(
    'STEP_NOT_ALLOWED',
    `The workflow runs on ${key(ref)}, but ${why}: start a hub that has it, or add a migration.`,
    {
      details: { machine: key(ref), hash: ref.hash },
    },
  );
}

function checkedSnapshot(snapshot: unknown): MachineSnapshot {
  const { value, context } = (snapshot ?? {}) as Partial<MachineSnapshot>;
  if (value !== undefined && workflowStates.includes(value) && typeof context === 'object')
    return snapshot as MachineSnapshot;
  throw new HubError(
    'STEP_NOT_ALLOWED',
    `The stored snapshot is not one of a maintenance workflow (state ${JSON.stringify(value)}).`,
  );
}
