import { COMMON_HAN } from './common-han.generated.js';

/**
 * Classes of UTF-16 code units. Those below {@link FIRST_SCRIPT} drive the automaton; each class from there on
 * is a script (or a kind of symbol) with coefficients of its own.
 *
 * @internal
 */
export const CLASS = {
  lower: 0,
  upper: 1,
  accented: 2,
  vietnamese: 3,
  digit: 4,
  blank: 5,
  lineBreak: 6,
  // Signs that are told apart, because words merge with them or because they come in long runs.
  underscore: 7,
  dot: 8,
  apostrophe: 9,
  dash: 10,
  slash: 11,
  ruler: 12,
  bracket: 13,
  sign: 14,
  /** Any script, and the end of the text. */
  border: 15,
} as const;

/** @internal */
export type ClassName = keyof typeof CLASS;

/** @internal */
export const FIRST_SCRIPT = 16;

/** Scripts in the order of their classes. A token never spans two of them. @internal */
export const SCRIPTS = [
  'other',
  'cyrillic',
  'greek',
  'hebrew',
  'arabic',
  'devanagari',
  'indic',
  'thai',
  'southEastAsian',
  'han',
  'rareHan',
  'hiragana',
  'katakana',
  'hangul',
  'cjkPunctuation',
  'punctuation',
  'symbols',
  'surrogates',
] as const;

type Script = (typeof SCRIPTS)[number];

/** Which scripts count as CJK. @internal */
export const CJK_SCRIPTS: readonly Script[] = [
  'han',
  'rareHan',
  'hiragana',
  'katakana',
  'hangul',
  'cjkPunctuation',
];

// Unicode blocks: first and last code unit. What no row names is "other".
const SCRIPT_RANGES: readonly (readonly [number, number, Script])[] = [
  [0x00a0, 0x00bf, 'punctuation'],
  [0x0370, 0x03ff, 'greek'],
  [0x0400, 0x052f, 'cyrillic'],
  [0x0590, 0x05ff, 'hebrew'],
  [0x0600, 0x077f, 'arabic'],
  [0x08a0, 0x08ff, 'arabic'],
  [0x0900, 0x097f, 'devanagari'],
  [0x0980, 0x0dff, 'indic'],
  [0x0e00, 0x0e7f, 'thai'],
  [0x0e80, 0x109f, 'southEastAsian'],
  [0x1100, 0x11ff, 'hangul'],
  [0x1780, 0x17ff, 'southEastAsian'],
  [0x1f00, 0x1fff, 'greek'],
  [0x2000, 0x206f, 'punctuation'],
  [0x2070, 0x2bff, 'symbols'],
  [0x2e80, 0x2fdf, 'han'],
  [0x3000, 0x303f, 'cjkPunctuation'],
  [0x3040, 0x309f, 'hiragana'],
  [0x30a0, 0x30ff, 'katakana'],
  [0x3130, 0x318f, 'hangul'],
  [0x3400, 0x9fff, 'rareHan'],
  [0xac00, 0xd7af, 'hangul'],
  [0xd800, 0xdfff, 'surrogates'],
  [0xf900, 0xfaff, 'rareHan'],
  [0xfb1d, 0xfb4f, 'hebrew'],
  [0xfb50, 0xfdff, 'arabic'],
  [0xfe00, 0xfe0f, 'symbols'],
  [0xfe70, 0xfeff, 'arabic'],
  [0xff00, 0xffef, 'cjkPunctuation'],
  [0xfff0, 0xffff, 'punctuation'],
];

const SIGNS: readonly (readonly [string, number])[] = [
  ['_', CLASS.underscore],
  ['.', CLASS.dot],
  ["'", CLASS.apostrophe],
  ['-', CLASS.dash],
  ['/', CLASS.slash],
  ['=*#~', CLASS.ruler],
  ['()[]{}<>', CLASS.bracket],
];

/**
 * `COMMON_HAN` holds the gaps between neighbouring common characters, one printable letter each; the greatest
 * gap stands for "further on" and sets nothing.
 *
 * @internal
 */
export const FIRST_COMMON_HAN = 0x4e00;
/** @internal */
export const COMMON_HAN_BASE = 0x28;
/** @internal */
export const COMMON_HAN_GAP = 0x50;

/** The class of every code unit; empty until {@link fillClasses} ran. @internal */
export const CLASS_OF: Uint8Array = /* @__PURE__ */ new Uint8Array(0x10000);

/** Fills {@link CLASS_OF}: when it is first needed, so that importing the package stays free. @internal */
export function fillClasses(): void {
  const table = CLASS_OF.fill(FIRST_SCRIPT);
  table.fill(CLASS.sign, 0, 0x80);
  table.fill(CLASS.lower, 0x61, 0x7b);
  table.fill(CLASS.upper, 0x41, 0x5b);
  table.fill(CLASS.digit, 0x30, 0x3a);
  for (const code of [0x09, 0x0b, 0x0c, 0x20]) table[code] = CLASS.blank;
  for (const code of [0x0a, 0x0d]) table[code] = CLASS.lineBreak;
  for (const [characters, kind] of SIGNS) {
    for (let index = 0; index < characters.length; index++) table[characters.charCodeAt(index)] = kind;
  }
  for (const [first, last, script] of SCRIPT_RANGES) {
    table.fill(FIRST_SCRIPT + SCRIPTS.indexOf(script), first, last + 1);
  }
  // Tokenizers know pairs and triples of the common characters only.
  let code = FIRST_COMMON_HAN;
  for (let index = 0; index < COMMON_HAN.length; index++) {
    const gap = COMMON_HAN.charCodeAt(index) - COMMON_HAN_BASE;
    code += gap;
    if (gap < COMMON_HAN_GAP) table[code] = FIRST_SCRIPT + SCRIPTS.indexOf('han');
  }
  table.fill(CLASS.accented, 0xc0, 0x370);
  table.fill(CLASS.accented, 0x1e00, 0x1ea0);
  // Vietnamese has letters of its own, and tokenizers know most of its short words whole.
  table.fill(CLASS.vietnamese, 0x1ea0, 0x1f00);
  for (const code of [0x01a0, 0x01a1, 0x01af, 0x01b0]) table[code] = CLASS.vietnamese;
}
