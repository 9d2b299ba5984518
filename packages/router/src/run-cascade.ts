import {
  type Attempt,
  type Call,
  type CallOutput,
  CostkitError,
  type Decision,
  type NextCall,
  type RequestView,
  type ResponseView,
} from '@costkit/core';
import { Money } from '@costkit/pricing';
import { bufferStream } from './buffer-stream.js';
import type { CheckContext, CheckQuestion, CheckResult } from './cascade-check.js';
import type { CascadeEconomics } from './cascade-economics.js';
import type { CompiledCascade } from './compile-options.js';
import { errorName, isRecoverable, type Refusals } from './refusals.js';
import { modelText, type RoutePlan } from './route-plan.js';
import { answerReader } from './stream-answer.js';

type CascadePlan = Extract<RoutePlan, { kind: 'cascade' }>;

/** A draft that was read to its end, or as far as its check looks. */
interface Draft {
  readonly view: ResponseView | undefined;
  /** `false`: there is more to come. */
  readonly complete: boolean;
  /** Closes the connection, where there is more to come that nobody wants. */
  drop(): Promise<void>;
  /** What the caller gets when the draft is accepted. */
  commit(): CallOutput;
}

type Tell = (action: string, reason: string, estimatedSaving?: Decision['estimatedSaving']) => void;

function aborted(): Error {
  return Object.assign(new Error('Request aborted'), { name: 'AbortError' });
}

/** @throws what the service threw, and an error when the stream ended before the service had said everything. */
async function readDraft(
  answer: CallOutput,
  view: RequestView,
  booked: () => Attempt | undefined,
  firstPart: number,
): Promise<Draft> {
  const drop = (): Promise<void> => Promise.resolve();
  if (!view.streaming) return { view: answer.view, complete: true, drop, commit: () => answer };
  const reader = answerReader(view);
  const buffered = await bufferStream(answer, (event) => {
    reader?.add(event);
    return reader !== undefined && reader.textLength >= firstPart;
  });
  const attempt = buffered.ended ? booked() : undefined;
  // Over HTTP/2 a lost connection ends the loop as if all had been said.
  if (attempt?.complete === false) throw new Error('The stream of the draft ended early.');
  return {
    view: reader?.answer(attempt?.usage),
    complete: buffered.ended,
    drop: buffered.close,
    commit: buffered.replay,
  };
}

async function judge(
  cascade: CompiledCascade,
  answer: ResponseView | undefined,
  call: Call,
  context: CheckContext,
): Promise<CheckResult> {
  if (answer === undefined) return { accept: false, reason: 'the answer has a form that cannot be read' };
  try {
    const verdict = await cascade.check(answer, call, context);
    return typeof verdict === 'object' && verdict !== null ? verdict : { accept: verdict === true };
  } catch (error) {
    return { accept: false, reason: `the check threw ${errorName(error)}` };
  }
}

function withDraft(view: RequestView, draft: ResponseView | undefined): RequestView {
  if (draft === undefined || draft.text === '' || view.pinned.has('messages')) return view;
  return view.withInstruction(
    `Another assistant drafted the answer below, and it was not accepted. Use what is right in it, correct what is wrong, and answer in full.\n<draft>\n${draft.text}\n</draft>`,
  );
}

/** Known by its code: levers do not import one another. Nothing was sent where a budget refused. */
const isOverBudget = (error: unknown): boolean =>
  CostkitError.isInstance(error) && error.code === 'COSTKIT_BUDGET_EXCEEDED';

const because = (reason: string | undefined): string =>
  reason === undefined ? '' : `: ${reason.replace(/\.$/, '')}`;

/** What a cascade needs of its surroundings. */
export interface CascadeRun {
  readonly plan: CascadePlan;
  readonly cascade: CompiledCascade;
  readonly call: Call;
  readonly next: NextCall;
  readonly refusals: Refusals;
  readonly economics: CascadeEconomics;
  readonly tell: Tell;
  /** The caller's request on a tier, with another cap, or `undefined` where it cannot take it. */
  onTier(name: string, maxTokens: number | undefined): RequestView | undefined;
}

/** Asks a model about a draft, on the same receipt. */
function asker({ plan, call, next, onTier }: CascadeRun): CheckContext['ask'] {
  return async ({ tier, instruction, maxTokens }: CheckQuestion = {}) => {
    const asked =
      tier === undefined || tier === plan.draft.tier.name ? plan.draft.view : onTier(tier, maxTokens);
    if (asked === undefined) return undefined;
    const instructed = instruction === undefined ? asked : asked.withInstruction(instruction);
    // Where there is no place for a question, the request without it would be answered, which is something else.
    if (instruction !== undefined && (instructed === asked || asked.pinned.has('messages'))) return undefined;
    const view = maxTokens === undefined ? instructed : instructed.withMaxTokens(maxTokens);
    const before = call.attempts.length;
    try {
      const answer = await next(view, { purpose: 'check' });
      const attemptOf = (): Attempt | undefined => call.attempts.slice(before).at(-1);
      return (await readDraft(answer, view, attemptOf, Number.POSITIVE_INFINITY)).view;
    } catch (error) {
      if (call.signal?.aborted === true || isOverBudget(error)) throw error;
      return undefined;
    }
  };
}

/**
 * Asks the cheap model, has its answer checked, and asks the strong one where it is not accepted. Of a stream no
 * event is handed on before the check has decided, so that nobody sees a draft that is then replaced.
 */
export async function runCascade(run: CascadeRun): Promise<CallOutput> {
  const { plan, cascade, call, next, refusals, economics, tell } = run;
  const { draft: chosen, strong, task } = plan;
  const label = `the draft of ${modelText(chosen)}`;
  const attemptsBefore = call.attempts.length;
  const booked = (): Attempt | undefined => call.attempts.slice(attemptsBefore).at(-1);
  const firstPart = cascade.stream === 'first-part' ? cascade.firstPartCharacters : Number.POSITIVE_INFINITY;
  /** What the draft and its checks have cost so far. */
  const paidSoFar = (): Money | undefined => {
    const costs = call.attempts.slice(attemptsBefore).map(({ cost }) => cost);
    return costs.length === 0 || costs.includes(undefined) ? undefined : Money.sum(costs as Money[]);
  };
  const learn = (accepted: boolean): void => {
    const { prices } = plan;
    const made = call.attempts.slice(attemptsBefore);
    const costs = made.map(({ cost }) => cost);
    if (prices === undefined || costs.includes(undefined)) return;
    // The first part of a draft is judged before anybody knows what all of it costs.
    const settledUsd = made.findLast(({ purpose }) => purpose === 'draft')?.cost?.usd;
    const draftUsd = settledUsd ?? prices.draftUsd;
    const paidUsd = Money.sum(costs as Money[]).usd + (settledUsd === undefined ? draftUsd : 0);
    // The model asked for would have had the tokens of the draft that came, not of the one that was expected.
    const requestedUsd = prices.requestedUsd + draftUsd - prices.draftUsd;
    const instead = accepted ? 0 : prices.escalationUsd + draftUsd - prices.draftUsd;
    economics.learn(task, { accepted, savedUsd: requestedUsd - instead - paidUsd });
  };
  let draft: Draft | undefined;
  let refused: { readonly error: unknown } | undefined;
  let why: string;
  try {
    const answer = await next(chosen.view, { purpose: 'draft' });
    draft = await readDraft(answer, chosen.view, booked, firstPart);
    const context = { request: chosen.view, complete: draft.complete, ask: asker(run) };
    const verdict = await judge(cascade, draft.view, call, context);
    if (verdict.accept === true) {
      const what = draft.complete ? label : `the first part of ${label}`;
      tell('accepted the draft', `The check accepted ${what}${because(verdict.reason)}.`, chosen.saving);
      learn(true);
      return draft.commit();
    }
    why = `The check did not accept ${label}${because(verdict.reason)}`;
    // Closed before the escalation: what nobody wants any more must not be paid on.
    await draft.drop();
    learn(false);
  } catch (error) {
    if (call.signal?.aborted === true) throw errorName(error) === 'AbortError' ? error : aborted();
    // Where nothing was answered, an error that is not the model's own would meet the next model too.
    if (booked() === undefined && !isRecoverable(error, call)) throw error;
    refused = { error };
    why = `There was no answer to ${label.replace('the draft of ', 'the request for a draft of ')}: ${errorName(error)}`;
  }
  if (call.signal?.aborted === true) throw aborted();
  const paid = paidSoFar();
  const lost = paid === undefined ? undefined : Money.zero.minus(paid);
  const view = cascade.includeDraft ? withDraft(strong, draft?.view) : strong;
  let answer: CallOutput;
  try {
    answer = await next(view, { purpose: 'escalation' });
  } catch (error) {
    if (!isOverBudget(error)) {
      tell('escalated', `${why}, so ${strong.modelId} was asked, in vain: ${errorName(error)}.`, lost);
      throw error;
    }
    const refusal = `${why}, and a budget has no room for ${strong.modelId}`;
    if (draft?.complete === true && cascade.onBudgetExceeded === 'answer-with-draft') {
      tell('answered with the draft', `${refusal}, so the draft is the answer all the same.`, chosen.saving);
      return draft.commit();
    }
    tell('escalation refused', `${refusal}, so the call fails.`, lost);
    throw error;
  }
  tell('escalated', `${why}, so ${strong.modelId} answers.`, lost);
  if (refused !== undefined) refusals.note(chosen.view.modelId, refused.error, call);
  return answer;
}
