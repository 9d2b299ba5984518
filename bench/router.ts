/**
 * How well learned routers order prompts and keep a target, on graded answers, by five-fold cross-validation: beside a floor
 * of TF-IDF and logistic regression, and a control of the same kind that was trained on shuffled grades, on the same folds.
 *
 *     npx tsx --conditions=@costkit/source bench/router.ts [--only MMLU] [--records 1500] [--json]
 *
 * Reads the answers from ../shared/data beside the repository; without them it says so and ends.
 */
import { parseArgs } from 'node:util';
import { shuffled } from '../packages/router/src/evaluation/seeded-random.js';
import {
  type Assessment,
  type CascadeRecord,
  chooseThreshold,
  type RouterRecord,
  trainCascadeScorer,
  trainRouter,
} from '../packages/router/src/index.js';
import { wilsonInterval } from './intervals.js';
import {
  apgr,
  apgrAbove,
  atThreshold,
  calibrationError,
  callsFor,
  type Estimate,
  type Judged,
  placesOf,
  type Router,
} from './router-figures.js';
import { fitFloor } from './router-floor.js';
import { type CascadeSet, cascadeSets, hasSets, type RoutingSet, routingSets } from './router-sets.js';

const FOLDS = 5;
const SPLITS = 200;
/** Fewer records of a task say nothing about it. */
const MIN_TASK_RECORDS = 200;
const TARGET = { keepShareOfStrongQuality: 0.99, delta: 0.1 };
const TIERS = { cheap: 'cheap', strong: 'strong', target: TARGET, createdAt: new Date(0) };

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    records: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
});

type Judge = (record: RouterRecord, task: string | undefined) => Assessment;
type Train = (records: readonly RouterRecord[]) => Promise<Judge>;

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const gradeOf = ({ outcomes }: RouterRecord, tier: 'cheap' | 'strong'): number =>
  outcomes[tier]?.score ?? Number.NaN;

/** All that may be read of a record: the prompt, and the cheap answers where the router has seen them. */
const textOf = (record: RouterRecord, answerSeen: boolean): string => {
  const { answer } = answerSeen ? (record as CascadeRecord) : ({} as Partial<CascadeRecord>);
  return [record.prompt, answer?.text, answer?.second].filter((text) => text !== undefined).join('\n\n');
};

/** The same records with the grades of others. */
function withShuffledGrades(records: readonly RouterRecord[], seed: number): RouterRecord[] {
  const grades = shuffled(records, seed);
  return records.map((record, at) => ({ ...record, outcomes: (grades[at] as RouterRecord).outcomes }));
}

function timeOf(task: () => unknown): number {
  const before = performance.now();
  task();
  return (performance.now() - before) * 1_000;
}

/** Divides records into folds, trains on all but one and judges that one. `limit` leaves training records out. */
async function judge(
  records: readonly RouterRecord[],
  train: Train,
  limit: number,
  answerSeen: boolean,
): Promise<{ judged: Judged[]; microseconds: number[]; trainSeconds: number }> {
  const order = shuffled([...records.keys()], 1);
  const judged: Judged[] = [];
  const microseconds: number[] = [];
  let trainSeconds = 0;
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const others = order.filter((_, at) => at % FOLDS !== fold).map((at) => records[at] as RouterRecord);
    const seen = limit > 0 ? others.slice(0, limit) : others;
    const started = performance.now();
    const assess = await train(seen);
    trainSeconds += (performance.now() - started) / 1_000 / FOLDS;
    const control = await train(withShuffledGrades(seen, fold));
    const floor = fitFloor(
      seen.map((one) => ({
        text: textOf(one, answerSeen),
        cheap: gradeOf(one, 'cheap'),
        strong: gradeOf(one, 'strong'),
      })),
    );
    for (const record of seen.slice(0, 500)) assess(record, record.task);
    for (const at of order.filter((_, index) => index % FOLDS === fold)) {
      const record = records[at] as RouterRecord;
      const said = (by: Judge, task: string | undefined) => {
        const { score, tier } = by(record, task);
        return { score, goesCheap: tier === TIERS.cheap };
      };
      // Of three times the shortest: what else the machine did meanwhile is not ours.
      microseconds.push(
        Math.min(...Array.from({ length: 3 }, () => timeOf(() => assess(record, undefined)))),
      );
      const model = said(assess, undefined);
      judged.push({
        task: record.task ?? '',
        fold,
        score: model.score,
        known: assess(record, undefined).known,
        model,
        withTask: said(assess, record.task),
        control: said(control, undefined),
        floor: { score: floor(textOf(record, answerSeen)) },
        cheap: gradeOf(record, 'cheap'),
        strong: gradeOf(record, 'strong'),
      });
    }
  }
  return { judged, microseconds, trainSeconds };
}

/** How often a threshold chosen on one half misses the target on the other. */
function missedTargets(judged: readonly Judged[]) {
  let missed = 0;
  const cheapShares: number[] = [];
  for (let split = 0; split < SPLITS; split += 1) {
    const order = shuffled(judged, split);
    const half = Math.floor(order.length / 2);
    const { threshold, cheapShare } = chooseThreshold(order.slice(0, half), {
      ...TARGET,
      overPrompts: order.length - half,
    });
    const fresh = order.slice(half);
    const reached = mean(fresh.map((one) => (one.known && one.score < threshold ? one.cheap : one.strong)));
    if (reached < TARGET.keepShareOfStrongQuality * mean(fresh.map(({ strong }) => strong))) missed += 1;
    cheapShares.push(cheapShare);
  }
  return {
    missed,
    splits: SPLITS,
    interval95: wilsonInterval(missed, SPLITS),
    cheapShare: mean(cheapShares),
  };
}

/** One router on some records. */
function routerFigures(judged: readonly Judged[], router: Router, savingOf: (cheapShare: number) => number) {
  const place = placesOf(judged, router);
  return {
    apgr: apgr(judged, place),
    callsFor50: callsFor(judged, place, 0.5),
    callsFor80: callsFor(judged, place, 0.8),
    ...(router === 'floor'
      ? {}
      : { at99: atThreshold(judged, router, savingOf), calibrationError: calibrationError(judged, router) }),
  };
}

/** The model, its control and the floor on some records: a set, or a task in it. */
function comparison(judged: readonly Judged[], savingOf: (cheapShare: number) => number) {
  return {
    records: judged.length,
    model: routerFigures(judged, 'model', savingOf),
    control: routerFigures(judged, 'control', savingOf),
    floor: routerFigures(judged, 'floor', savingOf),
    aboveFloor: apgrAbove(judged, placesOf(judged, 'model'), placesOf(judged, 'floor')),
  };
}

function figures(set: RoutingSet | CascadeSet, result: Awaited<ReturnType<typeof judge>>, cascade: boolean) {
  const { judged, trainSeconds } = result;
  const times = [...result.microseconds].sort((one, other) => one - other);
  const savingOf = (cheap: number): number => (cascade ? cheap - set.costShare : cheap * (1 - set.costShare));
  const byFoldAndTask = ({ fold, task }: Judged): string => `${fold} ${task}`;
  const tasks = [...new Set(judged.map(({ task }) => task))].sort().flatMap((task) => {
    const members = judged.filter((one) => one.task === task);
    return members.length < MIN_TASK_RECORDS || members.length === judged.length
      ? []
      : [{ task, ...comparison(members, savingOf) }];
  });
  return {
    set: set.name,
    ...comparison(judged, savingOf),
    floorElsewhere: set.floor,
    published: set.published,
    apgrWithTask: apgr(judged, placesOf(judged, 'withTask')),
    apgrWithinTasks: apgr(judged, placesOf(judged, 'model', byFoldAndTask)),
    floorWithinTasks: apgr(judged, placesOf(judged, 'floor', byFoldAndTask)),
    tasks,
    missedTargets: missedTargets(judged),
    abstained: mean(judged.map(({ known }) => (known ? 0 : 1))),
    microseconds: {
      p50: times[Math.floor(times.length * 0.5)] as number,
      p99: times[Math.floor(times.length * 0.99)] as number,
    },
    trainSeconds,
  };
}

const show = ({ value, interval95: [low, high] }: Estimate, digits = 3): string =>
  `${value.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;

function comparisonLines(
  { model, control, floor, aboveFloor }: ReturnType<typeof comparison>,
  indent: string,
): string[] {
  const beside = (of: (one: typeof model) => Estimate, digits?: number): string =>
    `${show(of(model), digits)}, control ${show(of(control), digits)}, floor ${show(of(floor), digits)}`;
  const { at99, calibrationError: error } = model;
  return [
    `${indent}APGR ${beside((one) => one.apgr)}; above the floor by ${show(aboveFloor)}`,
    `${indent}CPT(50) ${beside((one) => one.callsFor50, 1)}`,
    `${indent}CPT(80) ${beside((one) => one.callsFor80, 1)}`,
    ...(at99 === undefined || error === undefined || control.at99 === undefined
      ? []
      : [
          `${indent}for 99 % of strong: cost saved ${show(at99.saved)}, control ${show(control.at99.saved)}; quality reached ${show(at99.shareOfStrongQuality)}`,
          `${indent}calibration error ${show(error)}`,
        ]),
  ];
}

function lines(one: ReturnType<typeof figures>): string {
  return [
    `${one.set}, ${one.records} records`,
    ...comparisonLines(one, '  '),
    `  floor on the other half ${one.floorElsewhere ?? '-'}, best published ${one.published ?? '-'}`,
    `  with the task ${show(one.apgrWithTask)}; within tasks ${show(one.apgrWithinTasks)}, floor ${show(one.floorWithinTasks)}`,
    `  target missed in ${one.missedTargets.missed} of ${SPLITS} splits at delta ${TARGET.delta}, cheap share ${one.missedTargets.cheapShare.toFixed(3)}; abstained ${(100 * one.abstained).toFixed(1)} %`,
    `  ${one.microseconds.p50.toFixed(0)} µs, p99 ${one.microseconds.p99.toFixed(0)} µs a score; training ${one.trainSeconds.toFixed(1)} s`,
    ...one.tasks.flatMap((task) => [
      `  within ${task.task}, ${task.records} records`,
      ...comparisonLines(task, '    '),
    ]),
    '',
  ].join('\n');
}

if (!hasSets()) {
  process.stdout.write('skipped: no graded answers, ../shared/data is not beside the repository\n');
} else {
  const limit = Number(values.records);
  const results: ReturnType<typeof figures>[] = [];
  const run = async (set: RoutingSet | CascadeSet, train: Train, cascade: boolean): Promise<void> => {
    if (!set.name.includes(values.only)) return;
    const result = figures(set, await judge(set.records, train, limit, cascade), cascade);
    results.push(result);
    if (!values.json) process.stdout.write(`${lines(result)}\n`);
  };
  for (const set of routingSets()) {
    const train: Train = async (records) => {
      const model = await trainRouter(records, TIERS);
      return ({ prompt }, task) => model.assess(prompt, task);
    };
    await run(set, train, false);
  }
  for (const set of cascadeSets()) {
    const train: Train = async (records) => {
      const scorer = await trainCascadeScorer(records as readonly CascadeRecord[], TIERS);
      return (record, task) => scorer.assess(record.prompt, (record as CascadeRecord).answer, task);
    };
    await run(set, train, true);
  }
  if (values.json) process.stdout.write(`${JSON.stringify(results, undefined, 2)}\n`);
}
