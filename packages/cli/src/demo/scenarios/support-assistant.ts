import {
  type BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandOutput,
} from '@aws-sdk/client-bedrock-runtime';
import { withTags } from '@costkit/core';
import { ENRICHMENT_PROMPT, type ReviewDocument } from './workload/nightly-documents.js';
import { SUPPORT_PROMPT } from './workload/support-prompt.js';
import type { SupportQuestion } from './workload/support-questions.js';

/**
 * The application. It knows nothing of costkit but the tags that say what a call is for; the same lines run with
 * the bare client and with the wrapped one.
 * @module
 */

const textOf = (output: ConverseCommandOutput): string =>
  (output.output?.message?.content ?? []).map((block) => block.text ?? '').join('');

/** Answers one customer. */
export async function answerCustomer(
  client: BedrockRuntimeClient,
  modelId: string,
  question: SupportQuestion,
): Promise<string> {
  const output = await withTags({ feature: 'support', task: question.task }, () =>
    client.send(
      new ConverseCommand({
        modelId,
        system: [{ text: SUPPORT_PROMPT }],
        messages: [{ role: 'user', content: [{ text: question.text }] }],
      }),
    ),
  );
  return textOf(output);
}

/** Enriches one review; the nightly job does this for all of them. */
export async function enrichReview(
  client: BedrockRuntimeClient,
  modelId: string,
  document: ReviewDocument,
): Promise<string> {
  const output = await withTags({ feature: 'nightly', task: 'enrich' }, () =>
    client.send(
      new ConverseCommand({
        modelId,
        system: [{ text: ENRICHMENT_PROMPT }],
        messages: [{ role: 'user', content: [{ text: document.text }] }],
      }),
    ),
  );
  return textOf(output);
}
