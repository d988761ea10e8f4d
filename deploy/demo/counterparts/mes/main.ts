import { readEquipment } from '../common/equipment.ts';
import { readShare, wrong } from '../common/options.ts';
import { runCounterpart } from '../common/process.ts';
import { createMesBehaviour } from './behaviour.ts';
import { createPlant } from './plant.ts';
import { Technician } from './technician.ts';

await runCounterpart(
  {
    flags: ['plant', 'equipment', 'busy-share'],
    behaviour: (options) => {
      const plant = options.extra['plant']?.at(-1);
      if (plant !== undefined && !plant.startsWith('opc.tcp://'))
        throw wrong('--plant', plant, 'opc.tcp://HOST:PORT');
      return createMesBehaviour({
        equipment: readEquipment(options),
        busyShare: readShare(options, 'busy-share', 0.2),
      });
    },
    beside: (counterpart, options, log) => {
      const endpoint = options.extra['plant']?.at(-1);
      const plant = endpoint === undefined ? null : createPlant(endpoint, options.data);
      const plantHourMs = 3_600_000 / options.speed;
      return new Technician(counterpart, { plant, equipment: readEquipment(options), plantHourMs }, log);
    },
  },
  process.argv.slice(2),
  process.env,
);
