import { abstractBehaviours } from './abstract.ts';
import type { Behaviour } from './behaviour.ts';
import { callBehaviours } from './calls.ts';
import { computedBehaviours } from './computed.ts';
import { federation1Behaviours } from './federation1.ts';
import { hiddenBehaviours } from './hidden.ts';
import { interfaceObjectBehaviours } from './interface-objects.ts';
import { moreInterfaceObjectBehaviours } from './interface-objects-more.ts';
import { keyBehaviours } from './keys.ts';
import { nullBehaviours } from './nulls.ts';
import { operationBehaviours } from './operations.ts';
import { providesBehaviours } from './provides.ts';
import { requestBehaviours } from './requests.ts';
import { requiresBehaviours } from './requires.ts';
import { sharedRootBehaviours } from './roots-shared.ts';
import { rootBehaviours } from './roots.ts';
import { sharingBehaviours } from './sharing.ts';
import { takeoverBehaviours } from './takeover.ts';
import { typeBehaviours } from './types.ts';

export const behaviours: readonly Behaviour[] = [
  ...keyBehaviours,
  ...callBehaviours,
  ...federation1Behaviours,
  ...nullBehaviours,
  ...computedBehaviours,
  ...takeoverBehaviours,
  ...hiddenBehaviours,
  ...typeBehaviours,
  ...requestBehaviours,
  ...moreInterfaceObjectBehaviours,
  ...rootBehaviours,
  ...sharedRootBehaviours,
  ...requiresBehaviours,
  ...providesBehaviours,
  ...abstractBehaviours,
  ...interfaceObjectBehaviours,
  ...sharingBehaviours,
  ...operationBehaviours,
];
