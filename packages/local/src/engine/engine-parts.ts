import type { CatalogueModel } from '@costkit/pricing/catalogue';
import type { CallMode, LocalClock, ModelAliases } from '../contract.js';
import type { LocalModel } from '../models/local-model.js';
import type { Ledger } from '../money/ledger.js';
import type { PromptCache } from '../money/prompt-cache.js';
import type { Tokenizer } from '../money/tokenizer.js';
import type { Quotas } from '../quotas/token-buckets.js';
import type { AskedGuardrail, LocalGuardrail } from './guardrail.js';

/** What the inference engine is made of. */
export interface EngineParts {
  readonly catalogue: ReadonlyMap<string, CatalogueModel>;
  readonly aliases: ModelAliases;
  readonly clock: LocalClock;
  readonly accountId: string;
  readonly region: string;
  readonly seed: string;
  readonly tokenizer: Tokenizer;
  readonly promptCache: PromptCache;
  readonly quotas: Quotas;
  readonly ledger: Ledger;
  /** Foundation-model ids with reserved capacity. */
  readonly reservedModels: ReadonlySet<string>;
  /** Ids that each prompt router chooses from, by its ARN. */
  readonly promptRouters: Readonly<Record<string, readonly string[]>>;
  /** Guardrails of the account, by identifier. */
  readonly guardrails: Readonly<Record<string, LocalGuardrail>>;
  /** The model behind an id; the first argument is the id as called. */
  modelFor(calledId: string, modelId: string): LocalModel;
}

/** A request before anything is known about it but its route. */
export interface InferenceCall {
  readonly requestId: string;
  readonly operation: string;
  /** The id or ARN as called. */
  readonly modelId: string;
  readonly region: string;
  readonly signal: AbortSignal;
  /** Whether the client gets the answer as it comes. */
  readonly streamed: boolean;
  readonly requestMetadata?: Readonly<Record<string, string>>;
  /** Tier and latency as the request names them. */
  readonly requestedMode: { readonly tier?: unknown; readonly latency?: unknown };
  /** The guardrail that the request names. */
  readonly guardrail?: AskedGuardrail | undefined;
  /** Set for batch records, in place of `requestedMode`. */
  readonly mode?: CallMode;
}

/** Who shares cache entries and quotas. */
export function partitionOf(parts: EngineParts, call: InferenceCall, model: CatalogueModel): string {
  return `${parts.accountId}/${call.region}/${model.id}`;
}

/** What is said of a bill line besides its counts. */
export function lineHead(call: InferenceCall): {
  readonly requestId: string;
  readonly operation: string;
  readonly modelId: string;
  readonly region: string;
  readonly requestMetadata?: Readonly<Record<string, string>>;
} {
  const { requestId, operation, modelId, region, requestMetadata } = call;
  return {
    requestId,
    operation,
    modelId,
    region,
    ...(requestMetadata === undefined ? {} : { requestMetadata }),
  };
}
