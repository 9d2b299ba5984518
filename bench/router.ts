/**
 * How well learned routers order prompts and keep a target, on graded answers, by five-fold cross-validation: beside a floor
 * of TF-IDF and logistic regression, and a control of the same kind that was trained on shuffled grades, on the same folds.
 *
 *     npx tsx --conditions=@costkit/source bench/router.ts [--only MMLU] [--records 1500] [--json] [--write]
 *
 * Prints set by set as it goes; `--write` puts all of it into the router's guide. Reads the answers from ../shared/data
 * beside the repository; without them it says so and ends.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { foldsOf, judge } from './router-judge.js';
import { figuresOf, type SetFigures } from './router-set-figures.js';
import { agreements, cascadeSets, hasSets, routingSets, transferSet } from './router-sets.js';
import { agreementLine, fillFigures, linesOf, pageOf } from './router-table.js';

const GUIDE = new URL('../docs/guides/router.md', import.meta.url);

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    records: { type: 'string' },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

if (values.write && values.only !== '') throw new Error('--write takes all sets: leave --only out');
if (!hasSets()) {
  process.stdout.write('skipped: no graded answers, ../shared/data is not beside the repository\n');
} else {
  const limit = values.records === undefined ? undefined : Number(values.records);
  const results: SetFigures[] = [];
  const add = (result: SetFigures): void => {
    results.push(result);
    if (!values.json) process.stdout.write(`${linesOf(result)}\n`);
  };
  const isWanted = ({ name }: { readonly name: string }): boolean => name.includes(values.only);
  for (const set of routingSets())
    if (isWanted(set)) {
      const folds = foldsOf(set.records, limit ?? set.trainRecords);
      add(figuresOf(set, await judge(folds, false), false));
    }
  const transfer = transferSet();
  if (isWanted(transfer)) {
    const fold = { train: transfer.train, test: transfer.records };
    add(figuresOf(transfer, await judge([fold], false), false));
  }
  for (const set of cascadeSets())
    if (isWanted(set)) add(figuresOf(set, await judge(foldsOf(set.records, limit), true), true));
  const agreed = agreements();
  if (values.json) process.stdout.write(`${JSON.stringify({ results, agreed }, undefined, 2)}\n`);
  else process.stdout.write(`${agreed.map(agreementLine).join('\n')}\n`);
  const { user, system } = process.cpuUsage();
  process.stderr.write(`${((user + system) / 1e6).toFixed(0)} s of processor time\n`);
  if (values.write) writeFileSync(GUIDE, fillFigures(readFileSync(GUIDE, 'utf8'), pageOf(results, agreed)));
}
