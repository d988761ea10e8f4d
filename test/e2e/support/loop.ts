import { eventually, type HubClient } from './client.ts';
import { twinhub } from './hub-process.ts';

/** What the tests read of a workflow. */
export interface WorkflowView {
  readonly id: string;
  readonly workflowId: string;
  readonly state: string;
  readonly version: number;
  readonly attention: string | null;
  readonly allowedActions: readonly string[];
  readonly approvalsRequired: number;
  readonly plan: { readonly hash: string; readonly action: string } | null;
  readonly approvals: readonly {
    readonly personId: string;
    readonly decision: string;
    readonly valid: boolean;
  }[];
  readonly workOrder: Readonly<Record<string, string | null>> | null;
  readonly verification: { readonly passed: boolean; readonly text: string } | null;
  readonly history: readonly {
    readonly event: string;
    readonly to: string;
    readonly text: string;
    readonly by: string;
  }[];
  readonly messages: readonly {
    readonly messageId: string;
    readonly direction: string;
    readonly system: string;
    readonly type: string;
  }[];
}

export const workflowFields = `
  id workflowId state version attention allowedActions approvalsRequired
  plan { hash action }
  approvals { personId decision valid }
  workOrder { notification order systemStatus reservation materialDocument jobOrderId actualStart actualEnd performedBy }
  verification { passed text }
  history { event to text by }
  messages { messageId direction system type }`;

export async function scenario(action: 'start' | 'stop', name: string, plantEndpoint: string): Promise<void> {
  await twinhub('plant', 'scenario', action, name, '--endpoint', plantEndpoint);
}

export async function plantEndpointOf(client: HubClient): Promise<string> {
  const { plantLinks } = await client.get<{ plantLinks: { endpoint: string }[] }>(
    '{ plantLinks { endpoint } }',
  );
  const [link] = plantLinks;
  if (!link) throw new Error('The hub has no link to a plant');
  return link.endpoint;
}

/** The newest workflow of a twin, or null. */
export async function newestWorkflow(client: HubClient, twinId: string): Promise<WorkflowView | null> {
  const answer = await client.get<{ twinByTwinId: { workflows: WorkflowView[] } }>(
    `query($twinId: String!) { twinByTwinId(twinId: $twinId) { workflows { ${workflowFields} } } }`,
    { twinId },
  );
  return answer.twinByTwinId.workflows[0] ?? null;
}

export async function readWorkflow(client: HubClient, id: string): Promise<WorkflowView> {
  const { workflow } = await client.get<{ workflow: WorkflowView }>(
    `query($id: ID!) { workflow(id: $id) { ${workflowFields} } }`,
    { id },
  );
  return workflow;
}

/** Waits until a twin's baseline is learned: its health is judged. */
export async function untilJudged(client: HubClient, twinId: string, timeoutMs = 240_000): Promise<void> {
  await eventually(
    `health of ${twinId}`,
    async () => {
      const { twinByTwinId } = await client.get<{ twinByTwinId: { health: { state: string } | null } }>(
        'query($twinId: String!) { twinByTwinId(twinId: $twinId) { health { state } } }',
        { twinId },
      );
      return twinByTwinId.health && twinByTwinId.health.state !== 'UNKNOWN';
    },
    timeoutMs,
  );
}

type Payload = { workflow: WorkflowView | null; errors: { code: string; message: string }[] };

/** Runs one of the mutations that answer a WorkflowPayload. */
export async function step(
  client: HubClient,
  mutation: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Payload> {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input!`;
  const answer = await client.get<Record<string, Payload>>(
    `mutation($input: ${type}) { ${mutation}(input: $input) { workflow { ${workflowFields} } errors { code message } } }`,
    { input },
  );
  const payload = answer[mutation];
  if (!payload) throw new Error(`${mutation} answered nothing`);
  return payload;
}

/** Waits for one of the states. */
export function untilState(
  client: HubClient,
  id: string,
  states: readonly string[],
  timeoutMs = 300_000,
): Promise<WorkflowView> {
  return eventually(
    `workflow in ${states.join(' or ')}`,
    async () => {
      const workflow = await readWorkflow(client, id);
      if (workflow.state === 'MANUAL_INTERVENTION' && !states.includes('MANUAL_INTERVENTION'))
        throw new Error(`The workflow needs a person: ${workflow.attention}`);
      return states.includes(workflow.state) ? workflow : null;
    },
    timeoutMs,
  );
}
