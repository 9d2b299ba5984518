import { type BankQuestion, type LocalModel, simulatedModel } from '@costkit/local';
import { ACCURACY_SOURCE, type Assumptions, BREVITY_SOURCE } from './support-assumptions.js';
import { REVIEW_DOCUMENTS } from './workload/nightly-documents.js';
import { SUPPORT_QUESTIONS } from './workload/support-questions.js';

/** The models of the demo. The ids decide the prices, nothing else. */
export const DEMO_MODELS = {
  /** The naive application sends everything here. Its cache takes prefixes from 512 tokens. */
  frontier: 'us.anthropic.claude-opus-5',
  /** Easy questions. */
  small: 'us.anthropic.claude-haiku-5-5',
  /** The nightly job: cheap, and it takes batch jobs. */
  bulk: 'us.amazon.nova-2-lite-v1:0',
} as const;

const SUPPORT_BANK: readonly BankQuestion[] = SUPPORT_QUESTIONS.map(({ core, answer, task }) => ({
  core,
  answer,
  difficulty: task,
}));

const REVIEW_BANK: readonly BankQuestion[] = REVIEW_DOCUMENTS.map(({ id, topic }) => ({
  core: `Review ${id} of`,
  answer: topicAnswer(topic),
  difficulty: 'enrich',
}));

/** What a right enrichment says. */
export function topicAnswer(topic: string): string {
  return `the topic is ${topic}`;
}

/** A tier of simulated models: support answers and enrichments differ in length. */
function tier(accuracy: Assumptions['frontierAccuracy'], assumptions: Assumptions): LocalModel {
  const brevity = { shareOfTokensKept: assumptions.brevityShareKept, source: BREVITY_SOURCE };
  const shared = { accuracy, brevity, source: ACCURACY_SOURCE };
  const support = simulatedModel({
    ...shared,
    questions: SUPPORT_BANK,
    verbosityTokens: assumptions.answerTokens,
  });
  const enrichment = simulatedModel({
    ...shared,
    questions: REVIEW_BANK,
    verbosityTokens: assumptions.enrichmentTokens,
  });
  return {
    kind: 'simulated',
    answer: (request) => (request.systemText.startsWith('You enrich') ? enrichment : support).answer(request),
  };
}

/** The local Bedrock's models under the given assumptions. */
export function demoModels(assumptions: Assumptions): Readonly<Record<string, LocalModel>> {
  return {
    [DEMO_MODELS.frontier]: tier(assumptions.frontierAccuracy, assumptions),
    [DEMO_MODELS.small]: tier(assumptions.cheapAccuracy, assumptions),
    [DEMO_MODELS.bulk]: tier(assumptions.cheapAccuracy, assumptions),
  };
}
