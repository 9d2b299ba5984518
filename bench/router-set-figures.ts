/**
 * All figures of one set: the model beside its control and the floor, on the whole and within each task.
 * @module
 */
import { shuffled } from '../packages/router/src/evaluation/seeded-random.js';
import { chooseThreshold } from '../packages/router/src/evaluation.js';
import { type Draws, drawsOf, type Estimate, estimate } from './router-draws.js';
import {
  type AtThreshold,
  apgr,
  apgrAbove,
  atThreshold,
  type CallCosts,
  calibrationError,
  callsFor,
  type Judged,
  placesOf,
  type Router,
} from './router-figures.js';
import { type Judgement, TARGET } from './router-judge.js';
import type { CascadeSet, RoutingSet } from './router-sets.js';

const SPLITS = 200;
/** Fewer records of a task say nothing about it. */
const MIN_TASK_RECORDS = 200;

/** One router on some records. */
export interface RouterFigures {
  readonly apgr: Estimate;
  readonly callsFor50: Estimate;
  readonly callsFor80: Estimate;
  readonly at99: AtThreshold;
  readonly calibrationError: Estimate;
}

/** The model, its control and the floor on some records: a set, or a task in it. */
export interface Comparison {
  readonly records: number;
  readonly model: RouterFigures;
  readonly control: RouterFigures;
  readonly floor: Pick<RouterFigures, 'apgr' | 'callsFor50' | 'callsFor80'>;
  readonly aboveFloor: Estimate;
}

/** How often a threshold chosen on one half misses the target on the other. */
export interface MissedTargets {
  readonly missed: number;
  readonly splits: number;
  readonly delta: number;
  readonly cheapShare: number;
}

/** One set. */
export interface SetFigures extends Comparison {
  readonly set: string;
  readonly floorElsewhere: number | undefined;
  readonly published: number | undefined;
  /** The model, told the task. */
  readonly apgrWithTask: Estimate;
  readonly at99WithTask: AtThreshold;
  readonly apgrWithinTasks: Estimate;
  readonly floorWithinTasks: Estimate;
  readonly tasks: readonly ({ readonly task: string } & Comparison)[];
  /** Absent where all records were judged by one model that had nothing of them. */
  readonly missedTargets: MissedTargets | undefined;
  readonly abstained: number;
  readonly microseconds: { readonly median: Estimate; readonly p99: number };
  readonly trainSeconds: number;
}

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

function missedTargets(judged: readonly Judged[]): MissedTargets {
  let missed = 0;
  const cheapShares: number[] = [];
  for (let split = 0; split < SPLITS; split += 1) {
    const order = shuffled(judged, split);
    const half = Math.floor(order.length / 2);
    const fresh = order.slice(half);
    const { threshold, cheapShare } = chooseThreshold(order.slice(0, half), {
      ...TARGET,
      overPrompts: fresh.length,
    });
    const reached = mean(fresh.map((one) => (one.known && one.score < threshold ? one.cheap : one.strong)));
    if (reached < TARGET.keepShareOfStrongQuality * mean(fresh.map(({ strong }) => strong))) missed += 1;
    cheapShares.push(cheapShare);
  }
  return { missed, splits: SPLITS, delta: TARGET.delta, cheapShare: mean(cheapShares) };
}

function ordering(judged: readonly Judged[], router: Router, draws: Draws): Comparison['floor'] {
  const places = placesOf(judged, router);
  return {
    apgr: apgr(judged, places, draws),
    callsFor50: callsFor(judged, places, 0.5, draws),
    callsFor80: callsFor(judged, places, 0.8, draws),
  };
}

function routerFigures(
  judged: readonly Judged[],
  router: Router,
  costs: CallCosts,
  draws: Draws,
): RouterFigures {
  return {
    ...ordering(judged, router, draws),
    at99: atThreshold(judged, router, costs, draws),
    calibrationError: calibrationError(judged, router, draws),
  };
}

function comparison(judged: readonly Judged[], costs: CallCosts, draws: Draws): Comparison {
  return {
    records: judged.length,
    model: routerFigures(judged, 'model', costs, draws),
    control: routerFigures(judged, 'control', costs, draws),
    floor: ordering(judged, 'floor', draws),
    aboveFloor: apgrAbove(judged, placesOf(judged, 'model'), placesOf(judged, 'floor'), draws),
  };
}

/** The median with its interval, by order statistics over draws. */
function medianOf(sorted: readonly number[]): Estimate {
  return estimate(drawsOf(sorted.length), (draw) => {
    let [at, seen] = [0, draw[0] as number];
    while (seen < sorted.length / 2) {
      at += 1;
      seen += draw[at] as number;
    }
    return sorted[at] as number;
  });
}

/** @param cascade - the cheap tier is paid for every prompt. */
export function figuresOf(
  set: RoutingSet | CascadeSet,
  { judged, microseconds, trainSeconds }: Judgement,
  cascade: boolean,
): SetFigures {
  const costs: CallCosts = { cheapShare: set.costShare, drafts: cascade };
  const draws = drawsOf(judged.length);
  const byFoldAndTask = ({ fold, task }: Judged): string => `${fold} ${task}`;
  const tasks = [...new Set(judged.map(({ task }) => task))].sort().flatMap((task) => {
    const members = judged.filter((one) => one.task === task);
    return members.length < MIN_TASK_RECORDS || members.length === judged.length
      ? []
      : [{ task, ...comparison(members, costs, drawsOf(members.length)) }];
  });
  const times = [...microseconds].sort((one, other) => one - other);
  const isCrossed = new Set(judged.map(({ fold }) => fold)).size > 1;
  return {
    set: set.name,
    ...comparison(judged, costs, draws),
    floorElsewhere: set.floor,
    published: set.published,
    apgrWithTask: apgr(judged, placesOf(judged, 'withTask'), draws),
    at99WithTask: atThreshold(judged, 'withTask', costs, draws),
    apgrWithinTasks: apgr(judged, placesOf(judged, 'model', byFoldAndTask), draws),
    floorWithinTasks: apgr(judged, placesOf(judged, 'floor', byFoldAndTask), draws),
    tasks,
    missedTargets: isCrossed ? missedTargets(judged) : undefined,
    abstained: mean(judged.map(({ known }) => (known ? 0 : 1))),
    microseconds: { median: medianOf(times), p99: times[Math.floor(times.length * 0.99)] as number },
    trainSeconds,
  };
}
