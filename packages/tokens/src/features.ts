import { SCRIPTS } from './character-classes.js';

/** Words of this many letters and more share a coefficient; the letters beyond have one of their own. @internal */
export const WORD_LENGTHS = 14;

/** Runs of signs of this length and more share a coefficient. @internal */
export const SIGN_LENGTHS = 6;

/** Features that count runs by their length, and how many lengths are told apart. @internal */
export const SERIES = {
  /** Words that begin lower-case, by what stands directly before them. */
  lowerAfterBlank: WORD_LENGTHS,
  lowerAfterSign: WORD_LENGTHS,
  lowerAfterApostrophe: WORD_LENGTHS,
  lowerElsewhere: WORD_LENGTHS,
  /** Words that begin with a capital: names, starts of sentences, parts of camel case. */
  capitalAfterBlank: WORD_LENGTHS,
  capitalElsewhere: WORD_LENGTHS,
  /** Runs of at least two capitals. */
  capitalsAfterBlank: WORD_LENGTHS,
  capitalsElsewhere: WORD_LENGTHS,
  /** Words with letters beyond ASCII. */
  accented: WORD_LENGTHS,
  vietnamese: WORD_LENGTHS,
  /** At least two signs in a row. */
  signRun: SIGN_LENGTHS,
} as const;

/** @internal */
export type SeriesName = keyof typeof SERIES;

const SINGLES = [
  'accentedLetter',
  // A letter beyond WORD_LENGTHS, a sign beyond SIGN_LENGTHS.
  'overlongWord',
  'overlongSignRun',
  'digitGroup',
  'blankBeforeDigit',
  'blankRun',
  'blankRunBeforeDigit',
  'furtherBlank',
  'trailingBlank',
  'lineBreak',
  'furtherLineBreak',
  'sign',
  'signBeforeLineBreak',
  'signRunBeforeLineBreak',
  // A single sign directly before a word, which it may merge with.
  'underscoreBeforeWord',
  'dotBeforeWord',
  'apostropheBeforeWord',
  'dashBeforeWord',
  'slashBeforeWord',
  'bracketBeforeWord',
  'signBeforeWord',
  // Inside a run of signs: another class of sign than before, or the same again.
  'signChange',
  'dashRepeat',
  'rulerRepeat',
  'otherRepeat',
] as const;

/** @internal */
export type FeatureName = (typeof SINGLES)[number];

const SERIES_OFFSETS = {} as Record<SeriesName, number>;
let offset = 0;
for (const name of Object.keys(SERIES) as SeriesName[]) {
  SERIES_OFFSETS[name] = offset;
  offset += SERIES[name];
}
const SINGLES_OFFSET = offset;

/** The place of the feature for a run of a length, counted from 1. @internal */
export const runFeature = (series: SeriesName, length: number): number => SERIES_OFFSETS[series] + length - 1;

/** The place of each feature that stands alone. @internal */
export const FEATURE: Readonly<Record<FeatureName, number>> = /* @__PURE__ */ Object.fromEntries(
  SINGLES.map((name, index) => [name, SINGLES_OFFSET + index]),
) as Record<FeatureName, number>;

/** The place of the first script's run; the units of the scripts follow behind all runs. @internal */
export const SCRIPT_RUN_OFFSET: number = SINGLES_OFFSET + SINGLES.length;

/** The place of the first script's code unit. @internal */
export const SCRIPT_UNIT_OFFSET: number = SCRIPT_RUN_OFFSET + SCRIPTS.length;

/** How many coefficients there are. @internal */
export const FEATURE_COUNT: number = SCRIPT_UNIT_OFFSET + SCRIPTS.length;

/** Names of all features, in the order of their coefficients: for reports and tests. @internal */
export const listFeatures = (): string[] => [
  ...Object.entries(SERIES).flatMap(([name, size]) =>
    Array.from({ length: size }, (_, index) => `${name}[${index + 1}]`),
  ),
  ...SINGLES,
  ...SCRIPTS.map((script) => `${script}Run`),
  ...SCRIPTS.map((script) => `${script}Unit`),
];
