import { CATALOGUE } from '@costkit/pricing/catalogue';
import type { LocalClock, LocalContext } from '../contract.js';
import type { InvocationLogger } from '../logging/invocation-logger.js';
import { proseModel } from '../models/prose-model.js';
import type { Ledger } from '../money/ledger.js';
import { createPromptCache } from '../money/prompt-cache.js';
import { createO200kTokenizer } from '../money/tokenizer.js';
import { DEFAULT_ACCOUNT_ID, DEFAULT_SEED, type LocalBedrockOptions } from '../options.js';
import { createQuotas } from '../quotas/token-buckets.js';
import { BATCH_JOB, type TroubleScript } from '../trouble/trouble.js';
import { createInferenceEngine, type RuntimeEngine } from './inference-engine.js';

/** Builds what the parts of the server share, its engine included. */
export function createLocalContext(
  options: LocalBedrockOptions,
  shared: {
    readonly region: string;
    readonly clock: LocalClock;
    readonly ledger: Ledger;
    readonly logger: InvocationLogger;
    readonly trouble: TroubleScript;
  },
): LocalContext & { readonly engine: RuntimeEngine } {
  const { region, clock, ledger, logger, trouble } = shared;
  const accountId = options.accountId ?? DEFAULT_ACCOUNT_ID;
  const catalogue = options.catalogue ?? CATALOGUE;
  const seed = options.seed ?? DEFAULT_SEED;
  const aliases = new Map(Object.entries(options.aliases ?? {}));
  const customModelNames = new Map<string, string>();
  const models = options.models ?? {};
  const otherwise = models['*'] ?? proseModel();
  const now = (): number => clock.now();
  const engine = createInferenceEngine({
    catalogue,
    aliases,
    clock,
    accountId,
    region,
    seed,
    tokenizer: options.tokenizer ?? createO200kTokenizer(),
    promptCache: createPromptCache({ now, implicitHitRate: options.implicitCacheHitRate ?? 0, seed }),
    quotas: createQuotas(options.quotas ?? {}, now),
    ledger,
    reservedModels: new Set(options.reservedModels ?? []),
    promptRouters: options.promptRouters ?? {},
    guardrails: options.guardrails ?? {},
    modelFor: (calledId, modelId) =>
      models[calledId] ?? models[customModelNames.get(calledId) ?? modelId] ?? models[modelId] ?? otherwise,
  });
  return {
    clock,
    region,
    accountId,
    engine,
    catalogue,
    aliases,
    customModelNames,
    logging: logger.settings,
    stopBatchJobAfter(modelId) {
      const known = engine.resolve(modelId)?.model.id ?? modelId;
      const action = trouble.next({ operation: BATCH_JOB, modelIds: [modelId, known] });
      return action?.type === 'stopBatchJob' ? action.afterRecords : undefined;
    },
  };
}
