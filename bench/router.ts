/**
 * How well learned routers order prompts and keep a target, on graded answers, by five-fold cross-validation:
 *
 *     npx tsx --conditions=@costkit/source bench/router.ts [--only MMLU] [--records 1500] [--json]
 *
 * Reads the answers from ../shared/data beside the repository; without them it says so and ends.
 */
import { parseArgs } from 'node:util';
import { seededRandom, shuffled } from '../packages/router/src/evaluation/seeded-random.js';
import {
  type Assessment,
  type CascadeRecord,
  chooseThreshold,
  type RouterRecord,
  type ThresholdSample,
  trainCascadeScorer,
  trainRouter,
} from '../packages/router/src/index.js';
import { wilsonInterval } from './intervals.js';
import { type CascadeSet, cascadeSets, hasSets, type RoutingSet, routingSets } from './router-sets.js';

const FOLDS = 5;
const RESAMPLES = 1_000;
const SPLITS = 200;
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

/** What a model that has not seen a record says of it. */
interface Judged extends ThresholdSample {
  readonly task: string;
  readonly fold: number;
  readonly known: boolean;
  readonly scoreWithTask: number;
  readonly goesCheap: boolean;
}

interface Estimate {
  readonly value: number;
  readonly interval95: readonly [number, number];
}

const gainOf = ({ cheap, strong }: Judged): number => strong - cheap;
const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

function timeOf(task: () => unknown): number {
  const before = performance.now();
  task();
  return (performance.now() - before) * 1_000;
}

/** Divides records into folds, trains on all but one and judges that one. `limit` leaves training records out. */
async function judge(
  records: readonly RouterRecord[],
  train: (records: readonly RouterRecord[]) => Promise<Judge>,
  limit: number,
): Promise<{ judged: Judged[]; microseconds: number[]; trainSeconds: number }> {
  // Of three times the shortest: what else the machine did meanwhile is not ours.
  const order = shuffled([...records.keys()], 1);
  const judged: Judged[] = [];
  const microseconds: number[] = [];
  let trainSeconds = 0;
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const seen = order.filter((_, at) => at % FOLDS !== fold).map((at) => records[at] as RouterRecord);
    const started = performance.now();
    const assess = await train(limit > 0 ? seen.slice(0, limit) : seen);
    trainSeconds += (performance.now() - started) / 1_000 / FOLDS;
    for (const record of seen.slice(0, 500)) assess(record, record.task);
    for (const at of order.filter((_, index) => index % FOLDS === fold)) {
      const record = records[at] as RouterRecord;
      const { score, known, tier } = assess(record, undefined);
      microseconds.push(
        Math.min(...Array.from({ length: 3 }, () => timeOf(() => assess(record, undefined)))),
      );
      judged.push({
        task: record.task ?? '',
        fold,
        score,
        known,
        scoreWithTask: assess(record, record.task).score,
        goesCheap: tier === TIERS.cheap,
        cheap: record.outcomes['cheap']?.score ?? Number.NaN,
        strong: record.outcomes['strong']?.score ?? Number.NaN,
      });
    }
  }
  return { judged, microseconds, trainSeconds };
}

/** How late each record's turn for the strong tier comes, from 0 to 1, within its group; equal scores share a place. */
function places(
  judged: readonly Judged[],
  scoreOf: (one: Judged, at: number) => number,
  groupOf: (one: Judged) => string,
): number[] {
  const result: number[] = Array(judged.length).fill(0);
  const scored = judged.map((one, at) => ({ at, score: scoreOf(one, at), group: groupOf(one) }));
  for (const group of new Set(scored.map((one) => one.group))) {
    const members = scored.filter((one) => one.group === group);
    members.sort((one, other) => other.score - one.score);
    for (let from = 0; from < members.length; ) {
      let to = from;
      while (members[to]?.score === members[from]?.score) to += 1;
      for (const { at } of members.slice(from, to)) result[at] = (from + to) / 2 / members.length;
      from = to;
    }
  }
  return result;
}

/** Share of the gain that is had before its turn at random, as an area (APGR), with a bootstrap interval. */
function apgr(judged: readonly Judged[], place: readonly number[]): Estimate {
  const gains = judged.map(gainOf);
  return resampled(judged.length, (draw) => {
    let [had, all] = [0, 0];
    for (const at of draw) {
      had += (gains[at] as number) * (1 - (place[at] as number));
      all += gains[at] as number;
    }
    return had / all;
  });
}

function resampled(count: number, statistic: (draw: readonly number[]) => number): Estimate {
  const random = seededRandom(7);
  const all = Array.from({ length: count }, (_, at) => at);
  const drawn = Array.from({ length: RESAMPLES }, () =>
    statistic(all.map(() => Math.floor(random() * count))),
  ).sort((one, other) => one - other);
  const at = (share: number): number => drawn[Math.floor(share * RESAMPLES)] as number;
  return { value: statistic(all), interval95: [at(0.025), at(0.975)] };
}

/** The smallest share of calls to the strong tier, in percent, that has a share of the gain (CPT). */
function callsFor(judged: readonly Judged[], place: readonly number[], share: number): Estimate {
  const gains = judged.map(gainOf);
  return resampled(judged.length, (draw) => {
    const sorted = [...draw].sort((one, other) => (place[one] as number) - (place[other] as number));
    const enough = share * sorted.reduce((sum, at) => sum + (gains[at] as number), 0);
    let had = 0;
    const needed = sorted.findIndex((at) => {
      had += gains[at] as number;
      return had >= enough - 1e-9;
    });
    return (100 * (needed + 1)) / sorted.length;
  });
}

/** Mean distance between what scores say and what comes true, over ten groups of equal size. */
function calibrationError(judged: readonly Judged[]): Estimate {
  return resampled(judged.length, (draw) => {
    const sorted = [...draw].sort((one, other) => judged[one]!.score - judged[other]!.score);
    let error = 0;
    for (let group = 0; group < 10; group += 1) {
      const part = sorted.slice((group * sorted.length) / 10, ((group + 1) * sorted.length) / 10);
      const off = part.reduce((sum, at) => sum + judged[at]!.score - (gainOf(judged[at]!) > 0 ? 1 : 0), 0);
      error += Math.abs(off) / sorted.length;
    }
    return error;
  });
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

function figures(set: RoutingSet | CascadeSet, result: Awaited<ReturnType<typeof judge>>, cascade: boolean) {
  const { judged, trainSeconds } = result;
  const times = [...result.microseconds].sort((one, other) => one - other);
  const byFold = ({ fold }: Judged): string => `${fold}`;
  const place = places(judged, ({ score }) => score, byFold);
  const chance = shuffled([...judged.keys()], 99);
  const savingOf = (cheap: number): number => (cascade ? cheap - set.costShare : cheap * (1 - set.costShare));
  return {
    set: set.name,
    records: judged.length,
    floor: set.floor,
    published: set.published,
    apgr: apgr(judged, place),
    apgrWithTask: apgr(
      judged,
      places(judged, ({ scoreWithTask }) => scoreWithTask, byFold),
    ),
    apgrWithinTask: apgr(
      judged,
      places(
        judged,
        ({ score }) => score,
        ({ fold, task }) => `${fold} ${task}`,
      ),
    ),
    apgrShuffled: apgr(
      judged,
      places(judged, (_, at) => chance[at] as number, byFold),
    ),
    callsFor50: callsFor(judged, place, 0.5),
    callsFor80: callsFor(judged, place, 0.8),
    at99: {
      saved: resampled(judged.length, (draw) =>
        savingOf(mean(draw.map((at) => (judged[at]!.goesCheap ? 1 : 0)))),
      ),
      shareOfStrongQuality: resampled(
        judged.length,
        (draw) =>
          mean(draw.map((at) => (judged[at]!.goesCheap ? judged[at]!.cheap : judged[at]!.strong))) /
          mean(draw.map((at) => judged[at]!.strong)),
      ),
    },
    missedTargets: missedTargets(judged),
    abstained: mean(judged.map(({ known }) => (known ? 0 : 1))),
    calibrationError: calibrationError(judged),
    microseconds: {
      p50: times[Math.floor(times.length * 0.5)] as number,
      p99: times[Math.floor(times.length * 0.99)] as number,
    },
    trainSeconds,
  };
}

function lines(one: ReturnType<typeof figures>): string {
  const show = ({ value, interval95: [low, high] }: Estimate, digits = 3): string =>
    `${value.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
  return [
    `${one.set}, ${one.records} records`,
    `  APGR ${show(one.apgr)}, with the task ${show(one.apgrWithTask)}, within tasks ${show(one.apgrWithinTask)}, shuffled ${show(one.apgrShuffled)}`,
    `  floor ${one.floor ?? '-'}, best published ${one.published ?? '-'}`,
    `  CPT(50) ${show(one.callsFor50, 1)}, CPT(80) ${show(one.callsFor80, 1)}`,
    `  for 99 % of strong: cost saved ${show(one.at99.saved)}, quality reached ${show(one.at99.shareOfStrongQuality)}`,
    `  target missed in ${one.missedTargets.missed} of ${SPLITS} splits at delta ${TARGET.delta}, cheap share ${one.missedTargets.cheapShare.toFixed(3)}; abstained ${(100 * one.abstained).toFixed(1)} %`,
    `  calibration error ${show(one.calibrationError)}; ${one.microseconds.p50.toFixed(0)} µs, p99 ${one.microseconds.p99.toFixed(0)} µs a score; training ${one.trainSeconds.toFixed(1)} s`,
    '',
  ].join('\n');
}

if (!hasSets()) {
  process.stdout.write('skipped: no graded answers, ../shared/data is not beside the repository\n');
} else {
  const limit = Number(values.records);
  const results: ReturnType<typeof figures>[] = [];
  const tell = (result: ReturnType<typeof figures>): void => {
    results.push(result);
    if (!values.json) process.stdout.write(`${lines(result)}\n`);
  };
  for (const set of routingSets()) {
    if (!set.name.includes(values.only)) continue;
    const train = async (records: readonly RouterRecord[]): Promise<Judge> => {
      const model = await trainRouter(records, TIERS);
      return ({ prompt }, task) => model.assess(prompt, task);
    };
    tell(figures(set, await judge(set.records, train, limit), false));
  }
  for (const set of cascadeSets()) {
    if (!set.name.includes(values.only)) continue;
    const train = async (records: readonly RouterRecord[]): Promise<Judge> => {
      const scorer = await trainCascadeScorer(records as readonly CascadeRecord[], TIERS);
      return (record, task) => scorer.assess(record.prompt, (record as CascadeRecord).answer, task);
    };
    tell(figures(set, await judge(set.records, train, limit), true));
  }
  if (values.json) process.stdout.write(`${JSON.stringify(results, undefined, 2)}\n`);
}
