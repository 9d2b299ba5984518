import { InvalidOptionError, isShare } from '@costkit/core';
import { checkTraining } from './check-training.js';
import { fitModel, type Sample } from './fit-model.js';
import { judgeSample } from './judge-sample.js';
import { modelFromJson, modelToJson } from './model-json.js';
import { readSample } from './read-sample.js';
import type {
  CascadeRecord,
  CascadeScorer,
  CheapAnswer,
  RouterModel,
  RouterModelJson,
  RouterRecord,
  TrainRouterOptions,
} from './types.js';

/** Below this nothing can be learned that cross-validation would not take for chance. */
const MIN_RECORDS = 40;

function thresholdsOf({
  threshold,
  thresholdWithoutTask,
}: RouterModelJson): Pick<RouterModel, 'threshold' | 'thresholdWithoutTask'> {
  return {
    ...(threshold === undefined ? {} : { threshold }),
    ...(thresholdWithoutTask === undefined ? {} : { thresholdWithoutTask }),
  };
}

/** A model for prompts, from its saved form. */
export function routerModelFrom(value: unknown): RouterModel {
  const [json, state] = modelFromJson('prompt', value);
  const assess: RouterModel['assess'] = (prompt, task) => judgeSample(state, readSample(prompt), task);
  return {
    provenance: json.provenance,
    ...thresholdsOf(json),
    assess,
    score: (prompt, task) => assess(prompt, task).score,
    toJSON: () => json,
  };
}

/** A scorer of answers, from its saved form. */
export function cascadeScorerFrom(value: unknown): CascadeScorer {
  const [json, state] = modelFromJson('answer', value);
  const assess: CascadeScorer['assess'] = (prompt, answer, task) =>
    judgeSample(state, readSample(prompt, answer), task);
  return {
    provenance: json.provenance,
    ...thresholdsOf(json),
    assess,
    score: (prompt, answer, task) => assess(prompt, answer, task).score,
    toJSON: () => json,
  };
}

/** Trains a model for prompts. What is returned is what a saved model would be, to the last digit. */
export function trainRouterModel(records: readonly RouterRecord[], options: TrainRouterOptions): RouterModel {
  return routerModelFrom(train('prompt', records, options));
}

/** Trains a scorer of answers. */
export function trainAnswerScorer(
  records: readonly CascadeRecord[],
  options: TrainRouterOptions,
): CascadeScorer {
  return cascadeScorerFrom(train('answer', records, options));
}

function train(
  kind: RouterModelJson['kind'],
  records: readonly (RouterRecord & { readonly answer?: CheapAnswer })[],
  options: TrainRouterOptions,
): RouterModelJson {
  checkTraining(records, options);
  const { cheap, strong, seed = 1, createdAt = new Date(), target } = options;
  if (records.length < MIN_RECORDS) {
    throw new InvalidOptionError(
      'router',
      'records',
      `must hold at least ${MIN_RECORDS} graded records; it holds ${records.length}`,
    );
  }
  const further = furtherTiers(records, options);
  const samples = records.map((record, at): Sample => {
    const { prompt, task, answer } = record;
    if (typeof prompt !== 'string')
      throw new InvalidOptionError('router', `records[${at}].prompt`, 'must be a text');
    if (kind === 'answer') checkAnswer(answer, `records[${at}].answer`);
    return {
      reading: readSample(prompt, kind === 'answer' ? answer : undefined),
      task,
      cheap: gradeOf(record, at, cheap),
      strong: gradeOf(record, at, strong),
      others: further.map((tier) =>
        Object.hasOwn(record.outcomes, tier) ? gradeOf(record, at, tier) : undefined,
      ),
    };
  });
  const provenance = { createdAt: createdAt.toISOString(), records: records.length, cheap, strong, seed };
  return modelToJson(kind, fitModel(samples, provenance, target));
}

function checkAnswer(answer: Partial<CheapAnswer> | undefined, path: string): void {
  const check = (name: keyof CheapAnswer, problem: string | undefined): void => {
    if (problem !== undefined) throw new InvalidOptionError('router', `${path}.${name}`, problem);
  };
  const { text, confidence, meanLogProbability } = answer ?? {};
  check('text', typeof text === 'string' ? undefined : 'must be a text');
  check('confidence', confidence === undefined ? undefined : isShare(confidence));
  check(
    'meanLogProbability',
    meanLogProbability === undefined || (Number.isFinite(meanLogProbability) && meanLogProbability <= 0)
      ? undefined
      : 'must be a number of 0 or less',
  );
}

/** The tiers beside the two that any record has a grade of. */
function furtherTiers(records: readonly RouterRecord[], { cheap, strong }: TrainRouterOptions): string[] {
  const names = new Set(records.flatMap(({ outcomes }) => Object.keys(outcomes ?? {})));
  return [...names].filter((tier) => tier !== cheap && tier !== strong).sort();
}

function gradeOf({ outcomes }: RouterRecord, at: number, tier: string): number {
  const score: unknown = outcomes?.[tier]?.score;
  const problem = score === undefined ? 'is missing' : isShare(score);
  if (problem !== undefined) {
    throw new InvalidOptionError('router', `records[${at}].outcomes.${tier}.score`, problem);
  }
  return score as number;
}
