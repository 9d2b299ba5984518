import { draw } from '../draw.js';
import { invalidOption } from '../errors.js';
import type { JsonObject } from '../json.js';
import type { AnswerPart, LocalModel, ModelRequest } from './local-model.js';
import { prose } from './prose.js';
import { forcedToolCall, lengthOf, proseModel, structuredAnswer, type TokenLength } from './prose-model.js';
import { createQuestionFinder } from './question-finder.js';

/** A question with its known right answer. */
export interface BankQuestion {
  /** The part of the request that tells the question; found anywhere in the user's text, case and blanks aside. */
  readonly core: string;
  /** The right answer; a right reply contains it word for word. */
  readonly answer: string;
  /** A level that `accuracy` can be given by, such as `easy`. */
  readonly difficulty: string;
  /** What a wrong reply says. @defaultValue the answer of another question of the bank */
  readonly wrongAnswer?: string;
  /** The tool a right reply calls first, when the request offers it. */
  readonly toolCall?: { readonly name: string; readonly input: JsonObject };
}

/** How a model reacts to being asked for brevity. */
export interface BrevityResponse {
  /** Share (0 to 1) of the tokens it still writes. */
  readonly shareOfTokensKept: number;
  /** Added to the accuracy of a brief reply, e.g. `-0.01`. @defaultValue 0 */
  readonly accuracyChange?: number;
  /** Where the figures come from. */
  readonly source: string;
}

/** Options of {@link simulatedModel}. */
export interface SimulatedModelOptions {
  /** The bank it answers from; what is not in it gets prose of the same length. */
  readonly questions: readonly BankQuestion[];
  /** Chance (0 to 1) of a right reply, by difficulty or by question. */
  readonly accuracy: Readonly<Record<string, number>> | ((question: BankQuestion) => number);
  /** Output tokens of a reply that nobody asked to be brief, thinking aside. */
  readonly verbosityTokens: TokenLength;
  /** Reaction to an instruction that {@link BREVITY_PATTERN} finds. @defaultValue none: it writes as much as ever */
  readonly brevity?: BrevityResponse;
  /** Output tokens of thinking, on calls that think. @defaultValue no thinking */
  readonly thinkingTokens?: TokenLength;
  /**
   * Share of `thinkingTokens` at each effort a request can name, e.g. `{ low: 0.2, medium: 0.6 }`.
   * @defaultValue 1 at every effort
   */
  readonly thinkingShareByEffort?: Readonly<Record<string, number>>;
  /** Where in the reply the answer stands, 0 at the start to 1 at the end; a cap that cuts before it loses it. @defaultValue 0.5 */
  readonly answerPosition?: number;
  /** Where accuracy and verbosity come from; reports print it. */
  readonly source: string;
}

/** A simulated model, with what it was told to be. */
export interface SimulatedModel extends LocalModel {
  readonly kind: 'simulated';
  readonly options: SimulatedModelOptions;
}

/**
 * The instructions a simulated model takes as a wish for brevity, in the system prompt or the last user message:
 * the words brief, concise, succinct and terse with their adverbs, "keep it short", "short answer", and limits such
 * as "at most three sentences".
 */
export const BREVITY_PATTERN: RegExp =
  /\b(?:brief|concise|succinct|terse)(?:ly)?\b|\b(?:keep|make) (?:it|your \w+|the \w+|\w+) short\b|\bshort (?:answer|reply|response|sentence)s?\b|\b(?:at most|no more than|not more than|up to|within|fewer than|less than|under|maximum of|in) (?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|a few) (?:short )?(?:sentence|word|line|paragraph|bullet|token)s?\b/i;

/**
 * A model with stated accuracy, verbosity and response to brevity, answering from a bank of questions. It is a
 * stand-in with known parameters, not a claim about any real model.
 *
 * Replies depend only on the seed, the model and the question. Whether one is right depends on a draw per question
 * that all models share, so that a more accurate model is right wherever a less accurate one is, and a comparison
 * of two needs few questions.
 *
 * @throws {@link LocalBedrockError} when a parameter is out of range.
 *
 * @example
 * ```ts
 * const model = simulatedModel({
 *   questions: [{ core: 'How long do refunds take?', answer: 'within five working days', difficulty: 'easy' }],
 *   accuracy: { easy: 0.98, hard: 0.75 },
 *   verbosityTokens: { mean: 550, spread: 50 },
 *   brevity: { shareOfTokensKept: 0.45, source: 'assumed' },
 *   source: 'assumed',
 * });
 * ```
 */
export function simulatedModel(options: SimulatedModelOptions): SimulatedModel {
  checkOptions(options);
  const find = createQuestionFinder(options.questions);
  const otherwise = proseModel({ tokens: options.verbosityTokens });
  return {
    kind: 'simulated',
    options,
    answer(request) {
      const question = find(request);
      const thinking = thinkingPart(request, options, question?.core ?? request.userText);
      if (question === undefined) {
        const answer = otherwise.answer(request) as { parts: readonly AnswerPart[] };
        return { parts: [...thinking, ...answer.parts] };
      }
      const brief = asksForBrevity(request);
      const right = isRight(question, request, options, brief);
      const call = toolCallFor(question, request, right);
      if (call !== undefined) return { parts: [...thinking, call] };
      const said = right ? question.answer : wrongAnswer(question, options.questions, request.seed);
      const structured = structuredAnswer(request, said);
      return { parts: [...thinking, structured ?? reply(question, said, request, options, brief)] };
    },
  };
}

function checkOptions(options: SimulatedModelOptions): void {
  const share = options.brevity?.shareOfTokensKept ?? 1;
  if (!(share > 0 && share <= 1))
    throw invalidOption('brevity.shareOfTokensKept', 'must lie above 0 and at most at 1');
  const position = options.answerPosition ?? 0.5;
  if (!(position >= 0 && position <= 1)) throw invalidOption('answerPosition', 'must lie between 0 and 1');
  if (!(options.verbosityTokens.mean >= 1)) throw invalidOption('verbosityTokens.mean', 'must be at least 1');
  for (const [effort, part] of Object.entries(options.thinkingShareByEffort ?? {})) {
    if (!(part >= 0)) throw invalidOption(`thinkingShareByEffort.${effort}`, 'must not be negative');
  }
  if (options.source.trim() === '') throw invalidOption('source', 'must say where the parameters come from');
  for (const question of options.questions) {
    const chance = accuracyFor(question, options);
    if (!(chance >= 0 && chance <= 1)) {
      throw invalidOption(
        'accuracy',
        `must give a chance from 0 to 1 for difficulty "${question.difficulty}"`,
      );
    }
  }
}

function accuracyFor(question: BankQuestion, options: SimulatedModelOptions): number {
  return typeof options.accuracy === 'function'
    ? options.accuracy(question)
    : (options.accuracy[question.difficulty] ?? Number.NaN);
}

function asksForBrevity(request: ModelRequest): boolean {
  return BREVITY_PATTERN.test(request.systemText) || BREVITY_PATTERN.test(request.userText);
}

function isRight(
  question: BankQuestion,
  request: ModelRequest,
  options: SimulatedModelOptions,
  brief: boolean,
): boolean {
  const change = brief ? (options.brevity?.accuracyChange ?? 0) : 0;
  return draw('right', request.seed, question.core) < accuracyFor(question, options) + change;
}

function toolCallFor(question: BankQuestion, request: ModelRequest, right: boolean): AnswerPart | undefined {
  const { toolCall } = question;
  const offered = request.prompt.toolSpecs.some(({ name }) => name === toolCall?.name);
  const answered = request.prompt.messages.at(-1)?.blocks.some(({ kind }) => kind === 'toolResult') === true;
  if (answered) return undefined;
  if (toolCall !== undefined && offered && right) return { type: 'toolUse', ...toolCall };
  return forcedToolCall(request);
}

function wrongAnswer(question: BankQuestion, questions: readonly BankQuestion[], seed: string): string {
  if (question.wrongAnswer !== undefined) return question.wrongAnswer;
  const others = questions.filter(({ answer }) => answer !== question.answer);
  const other = others[Math.floor(draw('wrong', seed, question.core) * others.length)];
  return other?.answer ?? 'that is not known';
}

function reply(
  question: BankQuestion,
  said: string,
  request: ModelRequest,
  options: SimulatedModelOptions,
  brief: boolean,
): AnswerPart {
  const share = brief ? (options.brevity?.shareOfTokensKept ?? 1) : 1;
  const wanted = Math.round(
    lengthOf(options.verbosityTokens, request.seed, request.modelId, question.core) * share,
  );
  const statement = `The answer is: ${said}.`;
  const filler = Math.max(0, wanted - request.countTokens(statement));
  const before = Math.round(filler * (options.answerPosition ?? 0.5));
  const words = [request.seed, request.modelId, question.core];
  const text = [
    prose(before, request.countTokens, 'before', ...words),
    statement,
    prose(filler - before, request.countTokens, 'after', ...words),
  ];
  return { type: 'text', text: text.filter((part) => part !== '').join(' ') };
}

function thinkingPart(request: ModelRequest, options: SimulatedModelOptions, about: string): AnswerPart[] {
  if (!request.thinks || options.thinkingTokens === undefined) return [];
  const { effort } = request.prompt.thinking;
  const share = effort === undefined ? 1 : (options.thinkingShareByEffort?.[effort] ?? 1);
  const length = lengthOf(options.thinkingTokens, 'thinking', request.seed, request.modelId, about);
  const tokens = Math.round(length * share);
  return [{ type: 'thinking', text: prose(tokens, request.countTokens, 'thinking', request.seed, about) }];
}
