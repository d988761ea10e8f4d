import { abstractBehaviours } from './abstract.ts';
import type { Behaviour } from './behaviour.ts';
import { interfaceObjectBehaviours } from './interface-objects.ts';
import { keyBehaviours } from './keys.ts';
import { operationBehaviours } from './operations.ts';
import { providesBehaviours } from './provides.ts';
import { requiresBehaviours } from './requires.ts';
import { sharingBehaviours } from './sharing.ts';

export const behaviours: readonly Behaviour[] = [
  ...keyBehaviours,
  ...requiresBehaviours,
  ...providesBehaviours,
  ...abstractBehaviours,
  ...interfaceObjectBehaviours,
  ...sharingBehaviours,
  ...operationBehaviours,
];
