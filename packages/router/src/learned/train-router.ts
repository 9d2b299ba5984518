import type { CascadeRecord, CascadeScorer, RouterModel, RouterRecord, TrainRouterOptions } from './types.js';

// Learning and scoring load when they are first used: most routers need neither.
const learned = (): Promise<typeof import('./learned-models.js')> => import('./learned-models.js');

/**
 * Trains a model that judges prompts by how much the strong tier would gain over the cheap one, from the caller's own
 * graded records. It needs no network and takes seconds; the same records and seed give the same model.
 *
 * @param records - graded prompts, 40 at least; from some 500 on a model is worth having. Where a record has no
 * `task`, the model goes by the text alone.
 * @returns a model whose `score` is 0 for an easy and 1 for a hard prompt.
 * @throws `InvalidOptionError` for an unknown or wrong option, too few records, or a record without both grades.
 *
 * @example
 * ```ts
 * const model = await trainRouter(records, { cheap: 'haiku', strong: 'sonnet' });
 * await writeFile('router-model.json', JSON.stringify(model));
 * model.score('What is the capital of France?'); // 0.04
 * ```
 */
export async function trainRouter(
  records: readonly RouterRecord[],
  options: TrainRouterOptions,
): Promise<RouterModel> {
  return (await learned()).trainRouterModel(records, options);
}

/**
 * Trains a scorer that judges the cheap tier's answer: whether another cheap answer agrees, its form, its doubts, its
 * length, how sure it says it is. Otherwise like {@link trainRouter}. What a second answer or a question about
 * confidence costs is the caller's to count.
 *
 * @throws `InvalidOptionError` for an unknown or wrong option, too few records, or a record without both grades.
 *
 * @example
 * ```ts
 * const scorer = await trainCascadeScorer(records, { cheap: 'haiku', strong: 'sonnet' });
 * if (scorer.score(prompt, { text: answer, second: otherAnswer }) > 0.3) {
 *   // ask the strong tier
 * }
 * ```
 */
export async function trainCascadeScorer(
  records: readonly CascadeRecord[],
  options: TrainRouterOptions,
): Promise<CascadeScorer> {
  return (await learned()).trainAnswerScorer(records, options);
}

/**
 * Reads what `JSON.stringify` made of a model.
 *
 * @param json - the text, or what `JSON.parse` made of it.
 * @throws `RouterModelError` naming the path that is wrong.
 *
 * @example
 * ```ts
 * const model = await loadRouterModel(await readFile('router-model.json', 'utf8'));
 * ```
 */
export async function loadRouterModel(json: unknown): Promise<RouterModel> {
  return (await learned()).routerModelFrom(json);
}

/**
 * Reads what `JSON.stringify` made of a cascade scorer.
 *
 * @param json - the text, or what `JSON.parse` made of it.
 * @throws `RouterModelError` naming the path that is wrong.
 *
 * @example
 * ```ts
 * const scorer = await loadCascadeScorer(await readFile('cascade-scorer.json', 'utf8'));
 * ```
 */
export async function loadCascadeScorer(json: unknown): Promise<CascadeScorer> {
  return (await learned()).cascadeScorerFrom(json);
}
