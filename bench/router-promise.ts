/**
 * How often a router misses the target that it was trained for: on random halves of graded answers it is trained, and
 * judged on the others, with the task told and without. A model is trained for every split, which takes minutes.
 *
 *     npx tsx --conditions=@costkit/source bench/router-promise.ts [--only GSM8K] [--splits 200] [--records 1500]
 *
 * Reads the answers from ../shared/data beside the repository; without them it says so and ends.
 */
import { parseArgs } from 'node:util';
import { shuffled } from '../packages/router/src/evaluation/seeded-random.js';
import { type RouterModel, type RouterRecord, trainRouter } from '../packages/router/src/index.js';
import { gradeOf, TARGET } from './router-judge.js';
import { hasSets, routingSets } from './router-sets.js';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    splits: { type: 'string', default: '200' },
    records: { type: 'string' },
  },
});
const splits = Number(values.splits);

/** What became of some splits. */
interface Outcome {
  missed: number;
  /** Sums over the splits, of shares of the records. */
  cheapShare: number;
  abstainedShare: number;
}

function judge(model: RouterModel, fresh: readonly RouterRecord[], isTold: boolean, outcome: Outcome): void {
  let [strong, reached] = [0, 0];
  for (const record of fresh) {
    const { known, tier = 'strong' } = model.assess(record.prompt, isTold ? record.task : undefined);
    strong += gradeOf(record, 'strong');
    reached += gradeOf(record, tier);
    if (tier === 'cheap') outcome.cheapShare += 1 / fresh.length;
    if (!known) outcome.abstainedShare += 1 / fresh.length;
  }
  if (reached < TARGET.keepShareOfStrongQuality * strong) outcome.missed += 1;
}

const lineOf = (how: string, { missed, cheapShare, abstainedShare }: Outcome): string =>
  `  ${how}: missed in ${missed} of ${splits}, to the cheap tier ${((100 * cheapShare) / splits).toFixed(1)} %, abstained ${((100 * abstainedShare) / splits).toFixed(1)} %`;

if (!hasSets()) {
  process.stdout.write('skipped: no graded answers, ../shared/data is not beside the repository\n');
} else {
  for (const { name, records, trainRecords } of routingSets()) {
    if (!name.includes(values.only)) continue;
    const most = Number(values.records ?? trainRecords ?? records.length);
    const told: Outcome = { missed: 0, cheapShare: 0, abstainedShare: 0 };
    const untold: Outcome = { missed: 0, cheapShare: 0, abstainedShare: 0 };
    for (let split = 0; split < splits; split += 1) {
      const order = shuffled(records, split);
      const half = Math.floor(order.length / 2);
      const fresh = order.slice(half).slice(0, most);
      const target = { ...TARGET, overPrompts: fresh.length };
      const model = await trainRouter(order.slice(0, half).slice(0, most), {
        cheap: 'cheap',
        strong: 'strong',
        target,
      });
      judge(model, fresh, true, told);
      judge(model, fresh, false, untold);
    }
    process.stdout.write(
      [
        `${name}, for 99 % of strong at delta ${TARGET.delta}`,
        lineOf('task told', told),
        lineOf('not told', untold),
        '',
      ].join('\n'),
    );
  }
}
