import {
  type BedrockClientLike,
  CostkitError,
  type Money,
  type Receipt,
  receiptOf,
  withTags,
} from '@costkit/core';
import { readResponse, viewRequest } from '@costkit/core/views';
import { costOf, type ResolvedModel } from '@costkit/pricing';
import { errorName } from '../refusals.js';
import { EvaluationError } from './evaluation-error.js';
import type { Cell } from './evaluation-plan.js';
import type { AnswerFailure } from './evaluation-report.js';
import type { EvaluatedAnswer } from './grader.js';
import type { ResultRecord } from './results-file.js';

/** Value of the `feature` tag of every call of an evaluation. */
export const EVALUATION_FEATURE = 'costkit-evaluation';

/** What a tier made of a case, with what it cost. */
export type Asked = Pick<
  ResultRecord,
  'failure' | 'error' | 'usd' | 'usdOnBaseline' | 'paidUsd' | 'latencyMs' | 'inputTokens' | 'outputTokens'
> & { readonly answer: EvaluatedAnswer | undefined; readonly paid: Money | undefined };

const FAILURES: Readonly<Record<string, AnswerFailure>> = {
  max_tokens: 'cut',
  model_context_window_exceeded: 'cut',
  guardrail_intervened: 'refused',
  content_filtered: 'refused',
  refusal: 'refused',
  malformed_model_output: 'malformed',
  malformed_tool_use: 'malformed',
};

/** Errors that say nothing about the model's quality: every further call would fail as well. */
const ENDS_ALL: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'ResourceNotFoundException',
  'UnrecognizedClientException',
  'ExpiredTokenException',
  'InvalidSignatureException',
  'CredentialsProviderError',
  'AbortError',
]);

function checkReceipt(receipt: Receipt | undefined, { tier }: Cell): Receipt {
  if (receipt === undefined) {
    throw new EvaluationError(
      'COSTKIT_EVALUATION_NO_RECEIPT',
      'a call has left no receipt, so its cost is not known. Is COSTKIT_MODE "off"? Unset it',
    );
  }
  const other = receipt.attempts.find(({ modelId }) => modelId !== tier.modelId);
  if (other === undefined) return receipt;
  throw new EvaluationError(
    'COSTKIT_EVALUATION_REROUTED',
    `the client has sent a request for ${tier.modelId} to ${other.modelId}. Evaluate with a client that has no router`,
  );
}

function costsOf(
  receipt: Receipt,
  baseline: ResolvedModel,
): Pick<Asked, 'usd' | 'usdOnBaseline' | 'paidUsd' | 'paid'> {
  const inBatch = receipt.mode === 'batch';
  const onDemand = inBatch ? receipt.baseline : receipt.cost;
  const onBaseline = costOf(receipt.usage, {
    model: baseline,
    at: receipt.startedAt,
    ...(receipt.region === '' ? {} : { region: receipt.region }),
  });
  return {
    usd: onDemand?.toUsdString() ?? null,
    usdOnBaseline: onBaseline.complete ? onBaseline.total.toUsdString() : null,
    paidUsd: receipt.cost?.toUsdString() ?? null,
    paid: receipt.cost,
  };
}

function settled(receipt: Receipt, baseline: ResolvedModel): Omit<Asked, 'answer'> {
  const { usage } = receipt;
  return {
    ...costsOf(receipt, baseline),
    latencyMs: receipt.mode === 'batch' ? null : receipt.latencyMs,
    inputTokens:
      usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h + usage.cacheWrite30m,
    outputTokens: usage.output,
  };
}

/** Makes the function that asks a tier. */
export function tierAsker(
  client: BedrockClientLike,
  baseline: ResolvedModel,
  signal: AbortSignal | undefined,
): (cell: Cell) => Promise<Asked> {
  const options = signal === undefined ? [] : [{ abortSignal: signal }];
  return async (cell) => {
    const { evaluationCase, tier } = cell;
    const input = { ...evaluationCase.request, modelId: tier.modelId };
    const { ConverseCommand } = await import('@aws-sdk/client-bedrock-runtime');
    const command = new ConverseCommand(input as ConstructorParameters<typeof ConverseCommand>[0]);
    const send = async (): Promise<object> => client.send(command, ...options) as Promise<object>;
    const result = await withTags({ feature: EVALUATION_FEATURE, task: evaluationCase.task }, () =>
      send().then(
        (output) => ({ output }),
        (error: unknown) => ({ error }),
      ),
    );
    if ('error' in result) {
      const { error } = result;
      const name = errorName(error);
      if (CostkitError.isInstance(error) || ENDS_ALL.has(name) || signal?.aborted === true) throw error;
      const receipt = checkReceipt(receiptOf(error as object), cell);
      return { ...settled(receipt, baseline), answer: undefined, failure: 'error', error: name };
    }
    const receipt = checkReceipt(receiptOf(result.output), cell);
    const view = readResponse(viewRequest('Converse', input), { output: result.output });
    const failure = FAILURES[view?.stopReason ?? ''];
    const answer = {
      text: view?.text ?? '',
      toolUses: view?.toolUses ?? [],
      stopReason: view?.stopReason,
    };
    return { ...settled(receipt, baseline), answer, ...(failure === undefined ? {} : { failure }) };
  };
}
