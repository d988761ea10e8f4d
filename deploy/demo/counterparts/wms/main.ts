import { wrong } from '../common/options.ts';
import { runCounterpart } from '../common/process.ts';
import { createWmsBehaviour } from './behaviour.ts';

/** `--short PRODUCT=HOURS`: out of stock, comes after so many plant hours. */
function readShort(flags: readonly string[]): ReadonlyMap<string, number> {
  return new Map(
    flags.map((flag) => {
      const [product = '', hours = ''] = flag.split('=');
      if (!product || !(Number(hours) > 0)) throw wrong('--short', flag, 'PRODUCT=HOURS');
      return [product, Number(hours)];
    }),
  );
}

await runCounterpart(
  {
    flags: ['short', 'stock'],
    behaviour: (options) => {
      const stock = options.extra['stock']?.at(-1) ?? '20';
      if (!(Number(stock) >= 0)) throw wrong('--stock', stock, 'a number of pieces');
      return createWmsBehaviour({
        initialStock: Number(stock),
        short: readShort(options.extra['short'] ?? []),
      });
    },
  },
  process.argv.slice(2),
  process.env,
);
