import { CLASS, type ClassName } from './character-classes.js';
import { FEATURE, runFeature, SERIES, type SeriesName, SIGN_LENGTHS, WORD_LENGTHS } from './features.js';

/**
 * The splitting rules of byte-pair tokenizers as a finite automaton over classes of characters. Before they
 * merge, these tokenizers cut a text into words (with the blank or sign before them), groups of three digits,
 * runs of signs and runs of blanks, and no token crosses a cut. A state is the run that is being read; it is
 * paid for, by one or more features, when the character that ends it is seen.
 *
 * It is an automaton for speed: one table look-up per character and no branch that depends on the text.
 */

/** Entries of a state's row: one per class that is no script. */
const STRIDE = 16;

/** In the order of the classes' numbers. */
const CLASS_NAMES = Object.keys(CLASS) as ClassName[];

type WordSeries = Exclude<SeriesName, 'signRun'>;
type SignName = 'underscore' | 'dot' | 'apostrophe' | 'dash' | 'slash' | 'ruler' | 'bracket' | 'sign';

/** The run that is being read. `last` is the class of the latest sign. */
type State =
  | { readonly run: 'nothing' }
  | { readonly run: 'word'; readonly series: WordSeries; readonly length: number }
  | { readonly run: 'digits'; readonly position: 1 | 2 | 3 }
  | { readonly run: 'blanks'; readonly several: boolean }
  | { readonly run: 'lineBreaks' }
  | { readonly run: 'signs'; readonly last: SignName; readonly length: number };

/** What a step costs: places of features. Words and signs are kept apart, see `GROUP`. */
interface Step {
  readonly next: State;
  readonly words: readonly number[];
  readonly signs: readonly number[];
}

const LETTERS: readonly ClassName[] = ['lower', 'upper', 'accented', 'vietnamese'];
const isSign = (name: ClassName): name is SignName =>
  CLASS[name] >= CLASS.underscore && CLASS[name] <= CLASS.sign;

/** One character further: into the same run, or out of it and into the next. */
function step(state: State, name: ClassName): Step {
  if (state.run === 'word') {
    const inner = insideWord(state, name);
    if (inner !== undefined) return inner;
    const words = [runFeature(state.series, state.length), ...wordEntry(name)];
    return { next: enter(state, name), words, signs: signEntry(name) };
  }
  if (state.run === 'digits' && name === 'digit' && state.position < 3) {
    return { next: { run: 'digits', position: state.position === 1 ? 2 : 3 }, words: [], signs: [] };
  }
  if (state.run === 'blanks' && name === 'blank') {
    return { next: { run: 'blanks', several: true }, words: [], signs: [FEATURE.furtherBlank] };
  }
  if (state.run === 'lineBreaks' && name === 'lineBreak') {
    return { next: state, words: [], signs: [FEATURE.furtherLineBreak] };
  }
  if (state.run === 'signs' && isSign(name)) {
    const length = Math.min(state.length + 1, SIGN_LENGTHS);
    const same = state.last === name;
    const repeat = name === 'dash' ? 'dashRepeat' : name === 'ruler' ? 'rulerRepeat' : 'otherRepeat';
    const signs = [FEATURE[same ? repeat : 'signChange']];
    if (state.length === SIGN_LENGTHS) signs.push(FEATURE.overlongSignRun);
    return { next: { run: 'signs', last: name, length }, words: [], signs };
  }
  const signs = [...exit(state, name), ...signEntry(name)];
  return { next: enter(state, name), words: wordEntry(name), signs };
}

function insideWord({ series, length }: State & { run: 'word' }, name: ClassName): Step | undefined {
  const capitals = series === 'capitalsAfterBlank' || series === 'capitalsElsewhere';
  let next: WordSeries;
  if (name === 'lower' && !capitals) next = series;
  else if (name === 'accented' && !capitals) next = series === 'vietnamese' ? series : 'accented';
  else if (name === 'vietnamese' && !capitals) next = 'vietnamese';
  else if (name === 'upper' && capitals) next = series;
  else if (name === 'upper' && length === 1 && series === 'capitalAfterBlank') next = 'capitalsAfterBlank';
  else if (name === 'upper' && length === 1 && series === 'capitalElsewhere') next = 'capitalsElsewhere';
  else return undefined;
  const words: number[] = [];
  if (name === 'accented' && next === 'accented') words.push(FEATURE.accentedLetter);
  if (length === WORD_LENGTHS) words.push(FEATURE.overlongWord);
  return {
    next: { run: 'word', series: next, length: Math.min(length + 1, WORD_LENGTHS) },
    words,
    signs: [],
  };
}

/** The state after a character that begins a run. */
function enter(before: State, name: ClassName): State {
  if (name === 'lower') return { run: 'word', series: lowerSeries(before), length: 1 };
  if (name === 'upper') {
    return {
      run: 'word',
      series: before.run === 'blanks' ? 'capitalAfterBlank' : 'capitalElsewhere',
      length: 1,
    };
  }
  if (name === 'accented' || name === 'vietnamese') return { run: 'word', series: name, length: 1 };
  if (name === 'digit') return { run: 'digits', position: 1 };
  if (name === 'blank') return { run: 'blanks', several: false };
  if (name === 'lineBreak') return { run: 'lineBreaks' };
  if (name === 'border') return { run: 'nothing' };
  // An apostrophe is one inside a word only: "don't"; elsewhere it is a quotation mark.
  return { run: 'signs', last: name === 'apostrophe' && before.run !== 'word' ? 'sign' : name, length: 1 };
}

function lowerSeries(before: State): WordSeries {
  if (before.run === 'blanks') return 'lowerAfterBlank';
  if (before.run !== 'signs' || before.length > 1) return 'lowerElsewhere';
  return before.last === 'apostrophe' ? 'lowerAfterApostrophe' : 'lowerAfterSign';
}

/** What is known to cost as soon as a run begins. */
function signEntry(name: ClassName): number[] {
  if (name === 'digit') return [FEATURE.digitGroup];
  return name === 'lineBreak' ? [FEATURE.lineBreak] : [];
}

const wordEntry = (name: ClassName): number[] => (name === 'accented' ? [FEATURE.accentedLetter] : []);

/** What a run costs when `name` ends it. */
function exit(state: State, name: ClassName): number[] {
  if (state.run === 'blanks') {
    // Blanks at the end of a line merge with its break; else the last blank joins what follows.
    if (name === 'lineBreak') return [FEATURE.trailingBlank];
    if (name === 'digit') return [FEATURE[state.several ? 'blankRunBeforeDigit' : 'blankBeforeDigit']];
    return state.several ? [FEATURE.blankRun] : [];
  }
  if (state.run !== 'signs') return [];
  if (state.length > 1) {
    const run = runFeature('signRun', state.length);
    return name === 'lineBreak' ? [run, FEATURE.signRunBeforeLineBreak] : [run];
  }
  if (name === 'lineBreak') return [FEATURE.signBeforeLineBreak];
  if (!LETTERS.includes(name)) return [FEATURE.sign];
  if (state.last === 'ruler') return [FEATURE.signBeforeWord];
  return [FEATURE[`${state.last}BeforeWord`]];
}

const WORD_SERIES = Object.keys(SERIES).filter((series) => series !== 'signRun') as WordSeries[];
const SIGN_NAMES: readonly SignName[] = CLASS_NAMES.filter(isSign);

const FIRST_WORD = 2;
const FIRST_DIGIT = FIRST_WORD + WORD_SERIES.length * WORD_LENGTHS;
const FIRST_BLANK = FIRST_DIGIT + 3;
const FIRST_SIGN = FIRST_BLANK + 2;
const STATE_COUNT = FIRST_SIGN + SIGN_NAMES.length * SIGN_LENGTHS;

/** The number of a state; the one before any text is 0. */
function numberOf(state: State): number {
  switch (state.run) {
    case 'nothing':
      return 0;
    case 'lineBreaks':
      return 1;
    case 'word':
      return FIRST_WORD + WORD_SERIES.indexOf(state.series) * WORD_LENGTHS + state.length - 1;
    case 'digits':
      return FIRST_DIGIT + state.position - 1;
    case 'blanks':
      return FIRST_BLANK + (state.several ? 1 : 0);
    case 'signs':
      return FIRST_SIGN + (CLASS[state.last] - CLASS.underscore) * SIGN_LENGTHS + state.length - 1;
  }
}

/** All states, in the order of their numbers. */
function listStates(): State[] {
  const states: State[] = [{ run: 'nothing' }, { run: 'lineBreaks' }];
  for (const series of WORD_SERIES) {
    for (let length = 1; length <= WORD_LENGTHS; length++) states.push({ run: 'word', series, length });
  }
  for (const position of [1, 2, 3] as const) states.push({ run: 'digits', position });
  for (const several of [false, true]) states.push({ run: 'blanks', several });
  for (const last of SIGN_NAMES) {
    for (let length = 1; length <= SIGN_LENGTHS; length++) states.push({ run: 'signs', last, length });
  }
  return states;
}

/** Entries of the whole table. @internal */
export const TABLE_SIZE: number = STATE_COUNT * STRIDE;

/**
 * Costs are kept as whole numbers of this part of a token: words in the low 26 bits of a number, signs above
 * them, so that one addition per character adds up both and no bit is lost.
 *
 * @internal
 */
export const UNITS_PER_TOKEN = 256;

/** @internal */
export const SIGNS_SHIFT: number = 2 ** 26;

/** Receives the automaton with the costs of each step worked in; rows of {@link STRIDE} entries. @internal */
export interface Tables {
  /** Offset of the next state's row. */
  readonly next: Uint16Array;
  /** What the step adds. */
  readonly costs: Float64Array;
}

let steps: readonly Step[] | undefined;

/** All steps, in the order of the tables. */
const listSteps = (): Step[] => listStates().flatMap((state) => CLASS_NAMES.map((name) => step(state, name)));

/** Works coefficients into the automaton. @internal */
export function fillTables(coefficients: Float64Array, tables: Tables): void {
  steps ??= listSteps();
  const cost = (places: readonly number[]): number => {
    let sum = 0;
    for (const place of places) sum += coefficients[place] as number;
    return Math.round(UNITS_PER_TOKEN * sum);
  };
  steps.forEach(({ next, words, signs }, at) => {
    tables.next[at] = numberOf(next) * STRIDE;
    tables.costs[at] = cost(words) + cost(signs) * SIGNS_SHIFT;
  });
}
