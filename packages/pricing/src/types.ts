import type { Money } from './money.js';

/**
 * How sure a fact is: `documented` (AWS documentation or price list), `typed` (the SDK's service model),
 * `observed` (recorded exchanges with the service), `third-party`, or `assumed` (sources conflict or are silent).
 */
export type Certainty = 'documented' | 'typed' | 'observed' | 'third-party' | 'assumed';

/**
 * Where a request may be served, which is part of its price. `geo:us` is the `us.` inference profile; `custom` is
 * on-demand inference on a customised model (a custom model deployment).
 */
export type Scope = 'global' | `geo:${string}` | 'inRegion' | 'govcloud' | 'custom';

/** The pricing tier of a call. `standard` is the API's `default`. */
export type Tier = 'standard' | 'flex' | 'priority' | 'reserved' | 'latencyOptimized' | 'batch';

/** Which request body a model takes through InvokeModel. */
export type Dialect =
  | 'anthropic'
  | 'nova'
  | 'titan-text'
  | 'cohere-command'
  | 'llama'
  | 'mistral'
  | 'openai'
  | 'ai21'
  | 'titan-embed'
  | 'titan-embed-image'
  | 'cohere-embed'
  | 'nova-embed'
  | 'rerank'
  | 'unknown';

/** The kinds of tokens that have a rate of their own. They are disjoint: a token counts in exactly one. */
export type TokenKind = 'input' | 'output' | 'cacheRead' | 'cacheWrite5m' | 'cacheWrite1h' | 'cacheWrite30m';

/**
 * What a call used. The token counts are disjoint: `input` excludes tokens that were read from or written to
 * the prompt cache, `output` includes thinking.
 */
export interface Usage {
  /** Prompt tokens that were neither read from nor written to the prompt cache. */
  readonly input: number;
  /** Tokens of the answer, thinking included. */
  readonly output: number;
  /** Prompt tokens read from the prompt cache. */
  readonly cacheRead: number;
  /** Prompt tokens written to the prompt cache for five minutes. */
  readonly cacheWrite5m: number;
  /** Prompt tokens written to the prompt cache for an hour. */
  readonly cacheWrite1h: number;
  /** Prompt tokens written to the prompt cache for thirty minutes. */
  readonly cacheWrite30m: number;
  /** Units that are not tokens, by the catalogue's name, e.g. `{ image: 2, 'guardrail.topicPolicyUnits': 3 }`. */
  readonly units?: Readonly<Record<string, number>>;
}

/** Pico-dollars per token for each kind that has a published rate; an absent kind is unknown, 0 is a price. */
export type Rates = { readonly [K in TokenKind]?: number };

/** One dated row of the price table. */
export interface PriceRow {
  /** Where a request of this price may be served. */
  readonly scope: Scope;
  /**
   * Set when the row holds for one source Region only; it wins over the row without. A row with empty `rates` says
   * that the price there is not known, where the row without a Region must not stand in.
   */
  readonly region?: string;
  /** The tier it is the price of; the reserved tier has no price per token. */
  readonly tier: Exclude<Tier, 'reserved'>;
  /** The row holds for whole requests whose input + cache read + cache write tokens exceed this. */
  readonly aboveTokens?: number;
  /** With `aboveTokens`: the bracket begins at that count, not above it. */
  readonly inclusive?: boolean;
  /** Pico-dollars per token; an absent kind is unknown, 0 is a price. */
  readonly rates: Rates;
  /** Dollars (as decimal text) per unit, for what is not billed by token. */
  readonly units?: Readonly<Record<string, string>>;
  /** First day (UTC, ISO date) on which the row holds; absent: since the model's launch. */
  readonly effectiveFrom?: string;
  /** Key of `PRICE_SOURCES`: where the rates were read. */
  readonly source: string;
  /** A newer source that lists the same rates. */
  readonly confirmedBy?: string;
  /** How sure the rates are. */
  readonly certainty: Certainty;
  /** Kinds whose rate no source lists: it follows from another by a rule that holds for every published row. */
  readonly assumed?: readonly TokenKind[];
}

/** Prompt-caching rules of a model. */
export interface CacheRules {
  /** Fewest tokens, counted cumulatively over tools, system and messages, that can be cached. */
  readonly minTokens: number;
  /** Most cache points in one request. */
  readonly maxPoints: number;
  /** Most tokens that can be cached, where a limit is known. */
  readonly maxTokens?: number;
  /** Times to live on offer; the first is the default. Empty: not known. */
  readonly ttls: readonly ('5m' | '1h' | '30m')[];
  /** Where cache points may stand. */
  readonly sections: readonly ('tools' | 'system' | 'messages')[];
  /** Whether cache points can be set through Converse and InvokeModel; some models cache only implicitly. */
  readonly explicit: boolean;
  /** Whether the service also caches by itself, best effort, without any cache point. */
  readonly implicit: boolean;
  /** How sure these rules are. */
  readonly certainty: Certainty;
}

/** What a model can do, as far as it decides a cost. */
export interface Capabilities {
  /** Whether Converse takes it. */
  readonly converse: boolean;
  /** Whether it can stream its answer. */
  readonly streaming: boolean;
  /** Whether it calls tools. */
  readonly tools: boolean;
  /** Whether it takes images. */
  readonly images: boolean;
  /** Whether it takes documents. */
  readonly documents: boolean;
  /** Whether it takes a system prompt. */
  readonly systemPrompts: boolean;
  /** Whether it can be held to a JSON schema. */
  readonly structuredOutput: boolean;
  /** Whether model-invocation jobs take it. */
  readonly batch: boolean;
  /** Whether CountTokens takes it. */
  readonly countTokens: boolean;
  /** Service tiers the model takes besides `standard`. */
  readonly tiers: readonly ('flex' | 'priority' | 'reserved' | 'latencyOptimized')[];
  /** Whether it thinks: never, on request, unless told not to, or always. Thinking is billed as output. */
  readonly thinking: 'none' | 'optional' | 'default' | 'always';
  /** How many quota tokens one output token burns. */
  readonly outputBurndown: number;
  /** Absent: the model has no prompt cache, and a cache point is refused by the service. */
  readonly cache?: CacheRules;
  /** Fields whose value is an assumption although the rest is not. */
  readonly assumed?: readonly string[];
  /** How sure the other fields are. */
  readonly certainty: Certainty;
}

/** Dates (UTC, ISO) at which a model's life changes. */
export interface Lifecycle {
  /** No new customers from this day on. */
  readonly legacyFrom?: string;
  /** Public extended access: the provider may raise the price from this day on. */
  readonly extendedAccessFrom?: string;
  /** Calls fail from this day on. */
  readonly endOfLife?: string;
  /** `assumed` when a date stands in for one that no source gives. @defaultValue `"documented"` */
  readonly certainty?: Certainty;
}

/** One model of the catalogue. */
export interface CatalogueModel {
  /** The foundation-model id, e.g. `anthropic.claude-opus-5-5`. */
  readonly id: string;
  /** The part of the id before the first dot. */
  readonly provider: string;
  /** Its name for people; only `@costkit/pricing/catalogue` loads it. */
  readonly name?: string;
  /** What it makes. */
  readonly kind: 'text' | 'embedding' | 'speech' | 'image' | 'video' | 'rerank';
  /** Its request body on InvokeModel. */
  readonly dialect: Dialect;
  /** Most tokens of prompt and answer together. */
  readonly contextWindow?: number;
  /** Most tokens of one answer. */
  readonly maxOutputTokens?: number;
  /** Inference-profile prefixes that exist for it: `global`, `us`, `eu`, … */
  readonly profiles: readonly string[];
  /** Regions in which the bare id can be called on demand; empty: nowhere; `undefined`: not known. */
  readonly inRegion?: readonly string[];
  /**
   * Set when the source Region decides the price: the Regions whose price is known. Elsewhere it is unknown, also
   * through a geographic profile.
   */
  readonly pricedRegions?: readonly string[];
  /** Whether reported `inputTokens` exclude (`net`) or include (`gross`) cache tokens. */
  readonly usageSemantics: 'net' | 'gross';
  /** What it can do, as far as it decides a cost. */
  readonly capabilities: Capabilities;
  /** When its life changes. */
  readonly lifecycle: Lifecycle;
  /** What it costs. */
  readonly prices: readonly PriceRow[];
}

/** What kind of thing a `modelId` names. */
export type ModelReference =
  | 'foundation-model'
  | 'inference-profile'
  | 'application-inference-profile'
  | 'provisioned-model'
  | 'custom-model'
  | 'custom-model-deployment'
  | 'imported-model'
  | 'prompt-router'
  | 'prompt'
  | 'marketplace-endpoint';

/**
 * How a call is paid for: by `token`; by the hour whatever is called (`provisioned`: the call itself costs nothing
 * more); by windows of five minutes while copies of an imported model are up (`imported`); or by something that
 * the catalogue does not know (`unknown`).
 */
export type Billing = 'token' | 'provisioned' | 'imported' | 'unknown';

/** A `modelId` that has been understood. */
export interface ResolvedModel {
  /** The id or ARN as it was given. */
  readonly input: string;
  /** What kind of thing it names. */
  readonly reference: ModelReference;
  /** The catalogue's model behind it. */
  readonly model: CatalogueModel;
  /** Where a call may be served. */
  readonly scope: Scope;
  /** The Region that an ARN names. */
  readonly region?: string;
  /** How a call is paid for. @defaultValue `"token"` */
  readonly billing?: Billing;
}

/** How {@link costOf} is to price a usage. */
export interface PriceQuery {
  /** A foundation-model id, an inference profile, the ARN of either, or what `resolveModel` returned. */
  readonly model: string | ResolvedModel;
  /** Source Region: the one that the client calls. @defaultValue the ARN's, else the base Region of the price list */
  readonly region?: string;
  /** Service tier, or latency-optimised inference. @defaultValue `"standard"` */
  readonly tier?: Exclude<Tier, 'batch'>;
  /** Batch inference; takes the place of `tier`. @defaultValue `false` */
  readonly batch?: boolean;
  /** When the call was made. @defaultValue the newest row */
  readonly at?: Date;
  /** Negotiated rates and discounts. The array is checked and compiled once: hand in the same one again. */
  readonly overrides?: readonly PriceOverride[];
}

/** Replaces or scales published rates. */
export interface PriceOverride {
  /** Bare model id, or a prefix that ends in `*`. */
  readonly model: string;
  /** Holds the override to calls of this scope. @defaultValue every scope */
  readonly scope?: Scope;
  /** Holds the override to calls of this tier; `batch` is a tier here. @defaultValue every tier */
  readonly tier?: Tier;
  /** Share of the published rate that is paid, e.g. `"0.93"` for 7 % off; exact decimal text. */
  readonly multiplier?: string;
  /** Dollars per million tokens, as decimal text, by token kind; they win over `multiplier`. */
  readonly usdPerMillion?: Readonly<Partial<Record<TokenKind, string>>>;
  /**
   * The model with newer published prices, as `loadPriceOverlay` of `@costkit/pricing/overlay` makes it. The other
   * overrides apply to these prices. `model` is a bare id then, and no other field is set.
   */
  readonly published?: CatalogueModel;
}

/** One line of a cost: a count of tokens or units at a rate. */
export interface CostLine {
  /** A kind of token, or the catalogue's name of a unit. */
  readonly kind: TokenKind | (string & {});
  /** Tokens or units used. */
  readonly count: number;
  /** Pico-dollars per token or unit. */
  readonly picoUsdPerUnit: number;
  /** Count times rate, exactly. */
  readonly amount: Money;
}

/** What a usage costs. */
export interface CostBreakdown {
  /** Sum of the lines; with `complete: false` a lower bound, not the price. */
  readonly total: Money;
  /** What was priced, kind by kind. */
  readonly lines: readonly CostLine[];
  /** Whether every token and unit of the usage had a rate. */
  readonly complete: boolean;
  /** Kinds that were used but have no known rate. */
  readonly missing: readonly string[];
  /** What it was priced as; a bare id in a GovCloud Region is `govcloud`. */
  readonly scope: Scope;
  /** What it was priced as. */
  readonly tier: Tier;
  /** The state of the catalogue: keep it beside the usage, and the call can be priced again. */
  readonly priceVersion: string;
  /** How sure the rates are: the certainty of the row they come from; absent when there is none. */
  readonly certainty?: Certainty;
  /** Set when the newest source behind the rates is older than 90 days at the time of the call. */
  readonly stale?: boolean;
  /** What the number leaves out, in plain words, e.g. that the capacity is paid by the hour. */
  readonly notes?: readonly string[];
}
