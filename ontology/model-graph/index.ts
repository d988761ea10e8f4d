export { diffModels, type ModelChange, type ModelDiff } from './diff.ts';
export { ModelGraph } from './graph.ts';
