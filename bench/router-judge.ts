/**
 * What routers say of records that they were not trained on.
 * @module
 */
import { shuffled } from '../packages/router/src/evaluation/seeded-random.js';
import {
  type Assessment,
  type CascadeRecord,
  type RouterRecord,
  trainCascadeScorer,
  trainRouter,
} from '../packages/router/src/index.js';
import type { Judged, Said } from './router-figures.js';
import { fitFloor } from './router-floor.js';

const FOLDS = 5;
/** Of each fold so many are timed. */
const TIMED = 200;
/** What a threshold has to hold, chosen on training data only. */
export const TARGET = { keepShareOfStrongQuality: 0.99, delta: 0.1 } as const;
const TIERS = { cheap: 'cheap', strong: 'strong', target: TARGET, createdAt: new Date(0) } as const;

type Judge = (record: RouterRecord, task?: string) => Assessment;

/** Records to train on, and records to judge. */
export interface Fold {
  readonly train: readonly RouterRecord[];
  readonly test: readonly RouterRecord[];
}

/** All that was said, and how long that took. */
export interface Judgement {
  readonly judged: readonly Judged[];
  readonly microseconds: readonly number[];
  readonly trainSeconds: number;
}

/** Every record is judged once, by what was trained on the other folds. `limit` leaves training records out. */
export function foldsOf(records: readonly RouterRecord[], limit = Number.POSITIVE_INFINITY): Fold[] {
  const order = shuffled(records, 1);
  return Array.from({ length: FOLDS }, (_, fold) => ({
    train: order.filter((_record, at) => at % FOLDS !== fold).slice(0, limit),
    test: order.filter((_record, at) => at % FOLDS === fold),
  }));
}

/** Learns from prompts, or from cheap answers too where they may be seen. */
async function learn(records: readonly RouterRecord[], answerSeen: boolean): Promise<Judge> {
  if (!answerSeen) {
    const model = await trainRouter(records, TIERS);
    return ({ prompt }, task) => model.assess(prompt, task);
  }
  const scorer = await trainCascadeScorer(records as readonly CascadeRecord[], TIERS);
  return (record, task) => scorer.assess(record.prompt, (record as CascadeRecord).answer, task);
}

/** The same records with the grades of others. */
function withShuffledGrades(records: readonly RouterRecord[], seed: number): RouterRecord[] {
  const grades = shuffled(records, seed);
  return records.map((record, at) => ({ ...record, outcomes: (grades[at] as RouterRecord).outcomes }));
}

/**
 * As many records as a fold trains on, with shuffled grades. One control is enough for all folds: of a record that it has
 * seen it knows the grade of another.
 */
function controlRecords(folds: readonly Fold[]): RouterRecord[] {
  const [{ train } = { train: [] }, ...others] = folds;
  const pool = others.length === 0 ? train : folds.flatMap(({ test }) => test);
  return withShuffledGrades(pool, 1).slice(0, train.length);
}

/** The grade of a tier. */
export const gradeOf = ({ outcomes }: RouterRecord, tier: string): number =>
  outcomes[tier]?.score ?? Number.NaN;

/** All that may be read of a record: the prompt, and the cheap answers where the router has seen them. */
const textOf = (record: RouterRecord, answerSeen: boolean): string => {
  const { answer } = answerSeen ? (record as CascadeRecord) : ({} as Partial<CascadeRecord>);
  return [record.prompt, answer?.text, answer?.second].filter((text) => text !== undefined).join('\n\n');
};

/** The shortest of three times: what else the machine did meanwhile is not ours. */
function microsecondsOf(task: () => unknown): number {
  const times = Array.from({ length: 3 }, () => {
    const before = performance.now();
    task();
    return (performance.now() - before) * 1_000;
  });
  return Math.min(...times);
}

const saidOf = ({ score, tier }: Assessment): Said => ({ score, goesCheap: tier === TIERS.cheap });

/** Trains model and floor on each fold's records, and has them judge the others. */
export async function judge(folds: readonly Fold[], answerSeen: boolean): Promise<Judgement> {
  const judged: Judged[] = [];
  const microseconds: number[] = [];
  let trainSeconds = 0;
  const control = await learn(controlRecords(folds), answerSeen);
  for (const [fold, { train, test }] of folds.entries()) {
    const started = performance.now();
    const assess = await learn(train, answerSeen);
    trainSeconds += (performance.now() - started) / 1_000 / folds.length;
    const floor = fitFloor(
      train.map((one) => ({
        text: textOf(one, answerSeen),
        cheap: gradeOf(one, 'cheap'),
        strong: gradeOf(one, 'strong'),
      })),
    );
    for (const record of test) {
      const said = assess(record);
      judged.push({
        task: record.task ?? '',
        fold,
        score: said.score,
        known: said.known,
        model: saidOf(said),
        withTask: saidOf(assess(record, record.task)),
        control: saidOf(control(record)),
        floor: { score: floor(textOf(record, answerSeen)) },
        cheap: gradeOf(record, 'cheap'),
        strong: gradeOf(record, 'strong'),
      });
    }
    for (const record of test.slice(0, TIMED)) microseconds.push(microsecondsOf(() => assess(record)));
  }
  return { judged, microseconds, trainSeconds };
}
