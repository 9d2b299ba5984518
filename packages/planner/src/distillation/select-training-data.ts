import { createHash } from 'node:crypto';
import { isBoolean, isFunction, isPositiveInteger, isText, type OptionChecks } from '@costkit/core';
import { estimateTokens } from '@costkit/tokens';
import { check, modelOf, requireFields } from '../checks.js';
import { DISTILLATION_PROMPTS } from '../distillation-pairs.js';
import { DistillationError } from './distillation-error.js';
import { drawFrom } from './draw-from.js';
import { baseOf, requirePair } from './require-pair.js';
import type { TrainingExample } from './training-example.js';

/** How {@link selectTrainingData} selects. */
export interface TrainingDataOptions {
  /** The model whose answers are learnt; id, profile or ARN of a foundation model. */
  readonly teacher: string;
  /** The base model of the student, or a variant of it such as `amazon.nova-micro-v1:0:128k`. */
  readonly student: string;
  /** Prompts to learn from: 100 to 15,000, as the service takes. @defaultValue 15_000 */
  readonly prompts?: number;
  /** Share of the selected prompts, per task, that is kept from training and judges the student. @defaultValue 0.1 */
  readonly holdOutShare?: number;
  /**
   * `even`: every task gets the same number of prompts, as far as it has them; `asAsked`: tasks keep their shares.
   * @defaultValue `"even"`
   */
  readonly balance?: 'even' | 'asAsked';
  /** Only examples whose answer of the teacher is known. @defaultValue false */
  readonly answered?: boolean;
  /**
   * Changes every text before anything else sees it: put placeholders for names, numbers, addresses here. Given text
   * and which part it is of.
   */
  readonly redact?: (text: string, part: 'system' | 'user' | 'assistant' | 'answer') => string;
  /** The same examples and seed give the same data set. @defaultValue `"costkit"` */
  readonly seed?: string;
}

/** Prompts of one task. */
export interface TaskSelection {
  readonly task: string;
  /** Examples that came, repetitions included. */
  readonly seen: number;
  /** Selected for training. */
  readonly train: number;
  /** Kept from training. */
  readonly holdOut: number;
}

/** A data set for distillation. */
export interface TrainingData {
  readonly train: readonly TrainingExample[];
  /** Judges the student: `holdOutCases` makes an evaluation of it. */
  readonly holdOut: readonly TrainingExample[];
  /** Examples that came. */
  readonly seen: number;
  /** Left out because the same prompt had been selected already, whatever its case and blanks. */
  readonly repeated: number;
  /** Left out because the student takes one turn only. */
  readonly multiTurn: number;
  /** Left out because the teacher's answer is not known, with `answered`. */
  readonly unanswered: number;
  /** Left out because `redact` left nothing of a turn. */
  readonly emptied: number;
  /** Left out because prompt and answer are more than the student's context holds, by estimate. */
  readonly tooLong: number;
  readonly tasks: readonly TaskSelection[];
}

const CHECKS: OptionChecks<TrainingDataOptions> = {
  teacher: isText,
  student: isText,
  prompts: (value) =>
    isPositiveInteger(value) ??
    ((value as number) >= DISTILLATION_PROMPTS.least && (value as number) <= DISTILLATION_PROMPTS.most
      ? undefined
      : `must be from ${DISTILLATION_PROMPTS.least} to ${DISTILLATION_PROMPTS.most}: the limits of a distillation job`),
  holdOutShare: (value) =>
    typeof value === 'number' && value >= 0 && value < 1 ? undefined : 'must be a share from 0, below 1',
  balance: (value) => (value === 'even' || value === 'asAsked' ? undefined : 'must be "even" or "asAsked"'),
  answered: isBoolean,
  redact: isFunction,
  seed: isText,
};

/** What makes two prompts the same: neither case nor blanks. */
function keyOf({ task, system, turns }: TrainingExample, seed: string): string {
  const plain = (text: string): string => text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
  const texts = [seed, task, plain(system), ...turns.map(({ text }) => plain(text))];
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex');
}

function redacted(example: TrainingExample, redact: TrainingDataOptions['redact']): TrainingExample {
  if (redact === undefined) return example;
  return {
    ...example,
    system: example.system === '' ? '' : redact(example.system, 'system'),
    turns: example.turns.map(({ role, text }) => ({ role, text: redact(text, role) })),
    ...(example.answer === undefined ? {} : { answer: redact(example.answer, 'answer') }),
  };
}

/** Tokens that the student takes: of its variant, as in `:128k`, else of its model. */
function contextOf(student: string): number {
  const [, thousands] = /:(\d+)k$/.exec(student) ?? [];
  const most = modelOf(baseOf(student)).model.contextWindow;
  return thousands === undefined ? (most ?? Number.POSITIVE_INFINITY) : Number(thousands) * 1_000;
}

/** Whether an example is longer than a student takes; hardly any is, and then nothing is counted. */
function tokensAbove({ system, turns, answer = '' }: TrainingExample, model: string, most: number): boolean {
  const text = [system, ...turns.map((turn) => turn.text), answer].join('\n');
  return text.length > most && estimateTokens(text, { model }).tokens > most;
}

const byKey = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : one > other ? 1 : 0;

/** The prompts of one task: each once, and never more than can be selected. */
interface Pool {
  seen: number;
  readonly examples: Map<string, TrainingExample>;
  /** Once more came than can be selected: keys above it are left out. */
  ceiling: string | undefined;
}

/**
 * Selects a data set: redacts, leaves out repetitions and what the student does not take or hold, draws evenly at random,
 * balances tasks and keeps a share from training. Reads the examples once and holds no more of them than it may select.
 *
 * @throws InvalidOptionError for an option that is unknown or wrong.
 * @throws DistillationError `COSTKIT_DISTILLATION_PAIR_UNSUPPORTED` for a teacher and student that AWS does not list,
 * `COSTKIT_DISTILLATION_TOO_FEW_PROMPTS` when fewer than 100 prompts are left for training.
 *
 * @example
 * ```ts
 * const data = await selectTrainingData(examplesFromLogs('logs'), {
 *   teacher: 'amazon.nova-pro-v1:0',
 *   student: 'amazon.nova-micro-v1:0',
 *   redact: (text) => text.replaceAll(/\d{6,}/g, '<number>'),
 * });
 * ```
 */
export async function selectTrainingData(
  examples: AsyncIterable<TrainingExample> | Iterable<TrainingExample>,
  options: TrainingDataOptions,
): Promise<TrainingData> {
  check(options, CHECKS);
  requireFields(options, ['teacher', 'student']);
  const {
    prompts = DISTILLATION_PROMPTS.most,
    holdOutShare = 0.1,
    balance = 'even',
    seed = 'costkit',
  } = options;
  const studentId = modelOf(baseOf(options.student)).model.id;
  requirePair(modelOf(options.teacher).model.id, studentId);
  const oneTurn = studentId.startsWith('meta.');
  const most = Math.ceil(prompts / (1 - holdOutShare));
  const pools = new Map<string, Pool>();
  const left = { seen: 0, repeated: 0, multiTurn: 0, unanswered: 0, emptied: 0, tooLong: 0 };
  const mostTokens = contextOf(options.student);
  for await (const given of examples) {
    left.seen += 1;
    const example = redacted(given, options.redact);
    let pool = pools.get(example.task);
    if (pool === undefined) {
      pool = { seen: 0, examples: new Map(), ceiling: undefined };
      pools.set(example.task, pool);
    }
    pool.seen += 1;
    if (example.turns.some(({ text }) => text.trim() === '')) left.emptied += 1;
    else if (oneTurn && example.turns.length > 1) left.multiTurn += 1;
    else if (tokensAbove(example, studentId, mostTokens)) left.tooLong += 1;
    else if (options.answered === true && example.answer === undefined) left.unanswered += 1;
    else if (!keep(pool, keyOf(example, seed), example, most)) left.repeated += 1;
  }
  const ordered = [...pools].sort(byKey);
  const drawn = drawFrom(
    ordered.map(([task, { examples: of, seen }]) => ({
      task,
      available: of.size,
      weight: balance === 'even' ? 1 : seen,
    })),
    most,
  );
  const trained: (readonly [key: string, TrainingExample])[] = [];
  const holdOut: TrainingExample[] = [];
  const tasks: TaskSelection[] = [];
  for (const [task, pool] of ordered) {
    const selected = [...pool.examples].sort(byKey).slice(0, drawn.get(task) ?? 0);
    // The first of an order that says nothing but chance.
    const heldOut = Math.round(selected.length * holdOutShare);
    holdOut.push(...selected.slice(0, heldOut).map(([, example]) => example));
    trained.push(...selected.slice(heldOut));
    tasks.push({ task, seen: pool.seen, train: selected.length - heldOut, holdOut: heldOut });
  }
  const train = trained.sort(byKey).map(([, example]) => example);
  if (train.length < DISTILLATION_PROMPTS.least) {
    throw new DistillationError(
      'COSTKIT_DISTILLATION_TOO_FEW_PROMPTS',
      `${train.length} prompts are left for training and ${DISTILLATION_PROMPTS.least} are needed. Collect more, or keep fewer from training with holdOutShare`,
    );
  }
  return { train, holdOut, ...left, tasks };
}

/** Takes an example in, once. @returns `false` when its prompt is there already */
function keep(pool: Pool, key: string, example: TrainingExample, most: number): boolean {
  const known = pool.examples.get(key);
  if (known !== undefined) {
    if (known.answer === undefined && example.answer !== undefined) pool.examples.set(key, example);
    return false;
  }
  if (pool.ceiling !== undefined && key >= pool.ceiling) return true;
  pool.examples.set(key, example);
  if (pool.examples.size >= 2 * most) {
    // Keys are as good as random: the lowest ones are an even draw, of whatever came and in whatever order.
    const above = [...pool.examples.keys()].sort().slice(most);
    for (const unneeded of above) pool.examples.delete(unneeded);
    pool.ceiling = above[0];
  }
  return true;
}
