import { SCRIPTS } from './character-classes.js';

/** Words of this many letters and more share a count; the letters beyond it are counted on their own. @internal */
export const WORD_LENGTHS = 14;

const names: string[] = [];
const place = (name: string, size = 1): number => {
  const offset = names.length;
  for (let index = 0; index < size; index++) names.push(size === 1 ? name : `${name}[${index}]`);
  return offset;
};

/** Where each feature stands in the vector that the scanner fills. @internal */
export const FEATURE = {
  /** Lower-case or capitalised words by length, by what stands directly before them. */
  wordAfterBlank: place('wordAfterBlank', WORD_LENGTHS),
  wordAfterSign: place('wordAfterSign', WORD_LENGTHS),
  wordAfterOther: place('wordAfterOther', WORD_LENGTHS),
  /** Runs of at least two capitals, by length. */
  capitals: place('capitals', WORD_LENGTHS),
  /** Letters beyond `WORD_LENGTHS`. */
  wordOverflow: place('wordOverflow'),
  digitGroups: place('digitGroups'),
  blankBeforeDigit: place('blankBeforeDigit'),
  blankRun: place('blankRun'),
  blankRunLength: place('blankRunLength'),
  trailingBlanks: place('trailingBlanks'),
  lineBreaks: place('lineBreaks'),
  lineBreakLength: place('lineBreakLength'),
  sign: place('sign'),
  signBeforeWord: place('signBeforeWord'),
  signBeforeLineBreak: place('signBeforeLineBreak'),
  signRun: place('signRun'),
  signRunChanges: place('signRunChanges'),
  signRunRepeats: place('signRunRepeats'),
  scriptRuns: place('scriptRuns', SCRIPTS.length),
  scriptUnits: place('scriptUnits', SCRIPTS.length),
} as const;

/** The name of each feature, for reports of the fit. @internal */
export const FEATURE_NAMES: readonly string[] = names;

/** @internal */
export const FEATURE_COUNT: number = names.length;
