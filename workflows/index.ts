export { startCheckpointLoop } from './checkpoint-loop.ts';
export { readWorkflowsConfig, type WorkflowsConfig } from './config.ts';
export { startWorkflowConsumer, workflowsQueue } from './consumer.ts';
export { MachineRegistry, type MachineVersion, type Migration } from './registry.ts';
export {
  createWorkflowRuntime,
  workflowIdFor,
  WorkflowRuntime,
  type WorkflowRuntimeDeps,
} from './runtime.ts';
export { startTimerLoop } from './timer-loop.ts';
