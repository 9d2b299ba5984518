import type { LocalContext } from '../contract.js';
import type { Ledger } from '../money/ledger.js';
import { createO200kTokenizer, type Tokenizer } from '../money/tokenizer.js';
import type { CustomizationJobsOptions } from './customization-jobs.js';

/** No token of a call: training is a unit of its own. */
const NO_TOKENS = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheWrite30m: 0 };

/**
 * Books the tokens that a student is trained on as the unit `trainingToken`. The catalogue has no rate for it, so the
 * bill is then a lower bound, and says so.
 */
export function createTrainingBook({
  context,
  ledger,
  tokenizer = createO200kTokenizer(),
}: {
  readonly context: LocalContext;
  readonly ledger: Ledger;
  readonly tokenizer: Tokenizer | undefined;
}): CustomizationJobsOptions['bookTraining'] {
  return ({ jobId, baseModelId, texts }) => {
    const model = context.catalogue.get(baseModelId);
    if (model === undefined) return;
    ledger.book({
      requestId: jobId,
      operation: 'CreateModelCustomizationJob',
      modelId: baseModelId,
      model,
      scope: 'custom',
      region: context.region,
      mode: { batch: false, tier: 'standard', latencyOptimized: false },
      billing: 'token',
      tokens: NO_TOKENS,
      units: { trainingToken: texts.reduce((sum, text) => sum + tokenizer.count(text, baseModelId), 0) },
      answerComplete: true,
    });
  };
}
