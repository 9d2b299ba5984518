/** One priced line of a source, with nothing understood yet. */
export interface PriceItem {
  /** The usage type; of an agreement's rate card the dimension. */
  readonly usageType: string;
  /** Attributes of the product that say what it is, by name in lower case without punctuation: `servicename`, `regioncode`. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Decimal text, per `unit`; absent where the price is not in dollars. */
  readonly usd?: string;
  /** What the price is for: `1K tokens`, `Units`, `image` … */
  readonly unit: string;
  /** First day (UTC, ISO) on which the price holds, as the source says it. */
  readonly effectiveOn?: string;
  /** Set when the same line has several prices, by volume used. */
  readonly isTiered?: boolean;
}

/** What one file, query or rate card lists. */
export interface PriceDocument {
  /** What was read, for people: `AmazonBedrock us-east-1`. */
  readonly title: string;
  /** Where its rows say they come from; the date of publication is added to it. */
  readonly source: 'aws-list' | 'aws-agreement';
  /** Code of the offer, e.g. `AmazonBedrock`. */
  readonly offer: string;
  /** The Region of which it lists everything that the offer has. */
  readonly region?: string;
  /** Set when it lists everything that the offer has, of every Region. */
  readonly isOfAllRegions?: true;
  /** The model that it is about, where the source names it by id. */
  readonly model?: string;
  /** Day (UTC, ISO) of publication. */
  readonly publishedOn: string;
  /** Its lines, in its own order. */
  readonly items: readonly PriceItem[];
}

/** How far the reading of a source is. */
export interface PriceSourceProgress {
  /** Documents read so far. */
  readonly done: number;
  /** Documents in all, as far as it is known. */
  readonly total: number;
  /** The document that was read last, for people. */
  readonly title: string;
}

/** Somewhere prices are published: what `bulkPriceList`, `queriedPriceList` and `agreementOffers` return. */
export interface PriceSource {
  /**
   * Whether it lists every Region: only then does a price that is missing everywhere say that it has ended.
   */
  readonly isComplete: boolean;
  /** Reads it, document by document. */
  readonly documents: (onProgress?: (progress: PriceSourceProgress) => void) => AsyncIterable<PriceDocument>;
}
