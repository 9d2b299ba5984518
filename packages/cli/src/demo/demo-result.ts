/** One bar of the waterfall. */
export interface DemoStepResult {
  readonly name: string;
  /** Dollars of this run, by the local Bedrock's bill. */
  readonly usd: number;
  /** The same, all digits. */
  readonly usdExact: string;
  /** Against the naive run. */
  readonly savedPercent: number;
  /** What the step itself saved, against the step before. */
  readonly stepSavedPercent: number;
  /** The naive run scaled to a month of $9,000, and this step with it. */
  readonly monthUsd: number;
  /** `null` for the bare client, which writes no receipts. */
  readonly receiptsMatchBill: boolean | null;
}

/** Right answers before and after. */
export interface DemoQuality {
  readonly baseline: number;
  readonly final: number;
  readonly questions: number;
  /** Right results of the bulk job. */
  readonly bulk?: { readonly baseline: number; readonly final: number; readonly of: number };
}

/** What the final dollars go to. */
export interface AttributionRow {
  readonly feature: string;
  readonly model: string;
  readonly mode: string;
  readonly calls: number;
  readonly usd: number;
  readonly savedUsd: number | null;
}

/** The total under another assumption. */
export interface SensitivityRow {
  readonly assumption: string;
  readonly baselineUsd: number;
  readonly finalUsd: number;
  readonly savedPercent: number;
  readonly rightAnswers: number;
  readonly of: number;
}

/** How the planted loop ended. */
interface RunawayRow {
  readonly limitUsd: number;
  readonly spentUsd: number;
  readonly calls: number;
  readonly stoppedBy: string | null;
}

/** What `costkit demo --json` prints. */
export interface DemoResult {
  readonly title: string;
  readonly baselineUsd: number;
  readonly finalUsd: number;
  readonly savedPercent: number;
  readonly steps: readonly DemoStepResult[];
  /** `null` when nobody knows the right answers. */
  readonly quality: DemoQuality | null;
  readonly receiptsMatchBill: boolean;
  readonly attribution: readonly AttributionRow[];
  readonly runaway?: RunawayRow;
  /** What was not measured, and where it comes from. */
  readonly assumptions: Readonly<Record<string, unknown>> & {
    readonly note: string;
    readonly priceVersion: string;
    /** Day of the newest price source. */
    readonly pricesAsOf: string;
    /** Day of the newest price list of AWS. */
    readonly awsPriceListOf: string;
  };
  readonly sensitivity: readonly SensitivityRow[];
}
