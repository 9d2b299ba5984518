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
  readonly inRegion?: readonly string[];
  /** Regions that the price list names for the model. */
  readonly listedRegions?: readonly string[];
  readonly usageSemantics?: CatalogueModel['usageSemantics'];
  /** What differs from the family; `null` takes a capability away. */
  readonly capabilities?: { readonly [Field in keyof Capabilities]?: Capabilities[Field] | null };
  readonly lifecycle?: Lifecycle;
  readonly prices: readonly PriceEntry[];
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
  readonly certainty: Certainty;
}

/** `data/sources.json`: what a source key stands for. */
export type SourcesFile = Readonly<Record<string, { readonly date: string; readonly what: string }>>;
