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
import type { CompiledCascade } from './compile-options.js';
import { modelText, type RoutePlan } from './plan-route.js';
import { errorName, isRecoverable, type Refusals } from './refusals.js';
import { streamAnswer } from './stream-answer.js';
import type { CheckResult } from './types.js';

type CascadePlan = Extract<RoutePlan, { kind: 'cascade' }>;

/** A draft that was read to its end. */
interface Draft {
  readonly view: ResponseView | undefined;
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
): Promise<Draft> {
  if (!view.streaming) return { view: answer.view, commit: () => answer };
  const buffered = await bufferStream(answer);
  const attempt = booked();
  // Over HTTP/2 a lost connection ends the loop as if all had been said.
  if (attempt?.complete === false) throw new Error('The stream of the draft ended early.');
  return { view: streamAnswer(view, buffered.events, attempt?.usage), commit: buffered.replay };
}

async function judge(
  cascade: CompiledCascade,
  answer: ResponseView | undefined,
  call: Call,
): Promise<CheckResult> {
  if (answer === undefined) return { accept: false, reason: 'the answer has a form that cannot be read' };
  try {
    const verdict = await cascade.check(answer, call);
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

/**
 * Asks the cheap model, has its answer checked, and asks the strong one where it is not accepted. Of a stream no
 * event is handed on before the check has decided, so that nobody sees a draft that is then replaced.
 */
export async function runCascade(
  { draft: chosen, strong }: CascadePlan,
  cascade: CompiledCascade,
  call: Call,
  next: NextCall,
  refusals: Refusals,
  tell: Tell,
): Promise<CallOutput> {
  const label = `the draft of ${modelText(chosen)}`;
  const attemptsBefore = call.attempts.length;
  const booked = (): Attempt | undefined => call.attempts.slice(attemptsBefore).at(-1);
  let draft: Draft | undefined;
  let refused: { readonly error: unknown } | undefined;
  let why: string;
  try {
    const answer = await next(chosen.view, { purpose: 'draft' });
    draft = await readDraft(answer, chosen.view, booked);
    const verdict = await judge(cascade, draft.view, call);
    if (verdict.accept === true) {
      tell('accepted the draft', `The check accepted ${label}${because(verdict.reason)}.`, chosen.saving);
      return draft.commit();
    }
    why = `The check did not accept ${label}${because(verdict.reason)}`;
  } catch (error) {
    if (call.signal?.aborted === true) throw errorName(error) === 'AbortError' ? error : aborted();
    // Where nothing was answered, an error that is not the model's own would meet the next model too.
    if (booked() === undefined && !isRecoverable(error, call)) throw error;
    refused = { error };
    why = `There was no answer to ${label.replace('the draft of ', 'the request for a draft of ')}: ${errorName(error)}`;
  }
  if (call.signal?.aborted === true) throw aborted();
  const paid = booked()?.cost;
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
    if (draft !== undefined && cascade.onBudgetExceeded === 'answer-with-draft') {
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
