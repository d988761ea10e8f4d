import { readEquipment } from '../common/equipment.ts';
import { readShare } from '../common/options.ts';
import { runCounterpart } from '../common/process.ts';
import { createSapPmBehaviour } from './behaviour.ts';

await runCounterpart(
  {
    flags: ['equipment', 'lock-share'],
    behaviour: (options) =>
      createSapPmBehaviour({
        equipment: new Set(readEquipment(options).keys()),
        lockShare: readShare(options, 'lock-share', 0.1),
      }),
  },
  process.argv.slice(2),
  process.env,
);
