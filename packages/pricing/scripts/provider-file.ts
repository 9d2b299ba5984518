import type { CapacityRate } from '../src/capacity-cost.js';
import type { Refusal } from '../src/refusals.js';
import type {
  Capabilities,
  CatalogueModel,
  Certainty,
  Dialect,
  Lifecycle,
  Scope,
  TokenKind,
} from '../src/types.js';

/** A file of `data/`: one provider's models, written and reviewed by people. */
export interface ProviderFile {
  readonly provider: string;
  /** What models have in common; a model names its family and states only what differs. */
  readonly families: Readonly<Record<string, FamilyEntry>>;
  readonly models: readonly ModelEntry[];
}

/** What the models of a family have in common. */
export interface FamilyEntry {
  readonly kind?: CatalogueModel['kind'];
  readonly dialect: Dialect;
  /** Key of `sources.json`: where the capabilities were read. */
  readonly source: string;
  readonly notes?: readonly string[];
  /** What its models answer with an error; `notes` says who has seen it. */
  readonly refuses?: readonly Refusal[];
  readonly capabilities: Capabilities;
}

/** One model as it is written in a provider file. */
export interface ModelEntry {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  readonly kind?: CatalogueModel['kind'];
  readonly dialect?: Dialect;
  readonly contextWindow?: number;
  readonly maxOutputTokens?: number;
  readonly profiles: readonly string[];
  /** Regions of the bare id, separated by spaces; empty text: none; absent: not known. */
  readonly inRegion?: string;
  /** Where the source Region decides the price: the Regions that the price list names; `inRegion`: the same. */
  readonly pricedRegions?: string;
  readonly usageSemantics?: CatalogueModel['usageSemantics'];
  /** What differs from the family; `null` takes a capability away. */
  readonly capabilities?: { readonly [Field in keyof Capabilities]?: Capabilities[Field] | null };
  /** Instead of its family's. */
  readonly refuses?: readonly Refusal[];
  readonly lifecycle?: Lifecycle;
  readonly prices: readonly PriceEntry[];
  readonly capacity?: readonly CapacityEntry[];
  /** Where sources disagree with the rate chosen, for reviewers. */
  readonly disagreements?: readonly string[];
  readonly notes?: readonly string[];
}

/** Rates that hold for several scopes, or in several Regions, written once. */
export interface PriceEntry {
  readonly scopes: readonly Scope[];
  readonly tier: 'standard' | 'batch' | 'flex' | 'priority' | 'latencyOptimized';
  readonly aboveTokens?: number;
  readonly inclusive?: boolean;
  /** Dollars per million tokens, as decimal text. */
  readonly usdPerMillion?: Readonly<Record<string, string>>;
  /** Dollars per unit, as decimal text. */
  readonly usdPerUnit?: Readonly<Record<string, string>>;
  /** With `regions`: what the numbers of each line are. */
  readonly columns?: readonly TokenKind[];
  /** By Region: dollars per million tokens in the order of `columns`. */
  readonly regions?: Readonly<Record<string, string>>;
  /** `launch`, or the ISO date of the first day on which the rates hold. */
  readonly effectiveFrom: string;
  readonly source: string;
  /** A newer source that lists the same rates. */
  readonly confirmedBy?: string;
  readonly certainty: Certainty;
  /** Kinds whose rate is derived from another, not listed. */
  readonly assumed?: readonly TokenKind[];
  /** Why the rates are empty: the price is known to be another, but no source lists it. */
  readonly unknownBecause?: string;
}

/** Capacity prices, for one or both scopes. */
export type CapacityEntry = Omit<CapacityRate, 'scope'> & { readonly scopes?: readonly ('geo' | 'global')[] };

/** `data/exceptions.json`: rows that break a rule of the check, and why that is right. */
export type ExceptionsFile = readonly {
  readonly model: string;
  readonly check: string;
  readonly where: string;
  readonly reason: string;
}[];

/** `data/sources.json`: what a source key stands for. */
export type SourcesFile = Readonly<Record<string, { readonly date: string; readonly what: string }>>;
