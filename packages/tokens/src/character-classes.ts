/** The scripts that have coefficients of their own, in the order of their indices. @internal */
export const SCRIPTS = [
  'other',
  'latin',
  'cyrillicGreek',
  'hebrewArabic',
  'indic',
  'southEastAsian',
  'han',
  'kana',
  'hangul',
  'symbols',
  'surrogates',
  'fullWidth',
] as const;

const INDEX: Record<(typeof SCRIPTS)[number], number> = Object.fromEntries(
  SCRIPTS.map((name, index) => [name, index]),
) as Record<(typeof SCRIPTS)[number], number>;

// Unicode blocks, first and last code unit. What no row names is "other".
const RANGES: readonly (readonly [number, number, (typeof SCRIPTS)[number]])[] = [
  [0x00a0, 0x00bf, 'symbols'],
  [0x00c0, 0x02af, 'latin'],
  [0x0300, 0x036f, 'latin'],
  [0x0370, 0x052f, 'cyrillicGreek'],
  [0x0590, 0x077f, 'hebrewArabic'],
  [0x08a0, 0x08ff, 'hebrewArabic'],
  [0xfb1d, 0xfdff, 'hebrewArabic'],
  [0xfe70, 0xfeff, 'hebrewArabic'],
  [0x0900, 0x0dff, 'indic'],
  [0x0e00, 0x0fff, 'southEastAsian'],
  [0x1000, 0x109f, 'southEastAsian'],
  [0x1780, 0x17ff, 'southEastAsian'],
  [0x1e00, 0x1eff, 'latin'],
  [0x1f00, 0x1fff, 'cyrillicGreek'],
  [0x2000, 0x2bff, 'symbols'],
  [0x2e80, 0x2fdf, 'han'],
  [0x3000, 0x303f, 'fullWidth'],
  [0x3040, 0x30ff, 'kana'],
  [0x3400, 0x9fff, 'han'],
  [0xac00, 0xd7af, 'hangul'],
  [0x1100, 0x11ff, 'hangul'],
  [0x3130, 0x318f, 'hangul'],
  [0xd800, 0xdfff, 'surrogates'],
  [0xf900, 0xfaff, 'han'],
  [0xff00, 0xffef, 'fullWidth'],
];

let table: Uint8Array | undefined;

/** The script index of every UTF-16 code unit. Built on first use, so that importing stays free. @internal */
export function characterClasses(): Uint8Array {
  if (table === undefined) {
    table = new Uint8Array(0x10000);
    for (const [first, last, name] of RANGES) table.fill(INDEX[name], first, last + 1);
  }
  return table;
}
