import { afterAll, describe, expect, it } from 'vitest';
import { COEFFICIENTS } from './coefficients.generated.js';
import { FEATURE_COUNT, listFeatures } from './features.js';
import { GROUP, GROUP_COUNT, loadCoefficients, scanText } from './scan-text.js';

afterAll(() => loadCoefficients(COEFFICIENTS));

/** The features that occur in a text, by name: the scan with a single 1 among zeros counts one of them. */
function featuresOf(text: string): Record<string, number> {
  const found: Record<string, number> = {};
  listFeatures().forEach((name, index) => {
    const oneHot = new Float64Array(FEATURE_COUNT);
    oneHot[index] = 1;
    loadCoefficients(oneHot);
    const groups = new Float64Array(GROUP_COUNT);
    scanText(text, groups);
    const count = groups.reduce((sum, group) => sum + group, 0);
    if (count !== 0) found[name] = count;
  });
  return found;
}

function groupsOf(text: string): number[] {
  loadCoefficients(COEFFICIENTS);
  const groups = new Float64Array(GROUP_COUNT);
  scanText(text, groups);
  return [...groups];
}

describe('scanText', () => {
  it.each<[string, Record<string, number>]>([
    ['', {}],
    ['word', { 'lowerElsewhere[4]': 1 }],
    ['a word', { 'lowerElsewhere[1]': 1, 'lowerAfterBlank[4]': 1 }],
    ['Paris in May', { 'capitalElsewhere[5]': 1, 'lowerAfterBlank[2]': 1, 'capitalAfterBlank[3]': 1 }],
    ['getUserName', { 'lowerElsewhere[3]': 1, 'capitalElsewhere[4]': 2 }],
    ['HTTP', { 'capitalsElsewhere[4]': 1 }],
    ['an HTTP', { 'lowerElsewhere[2]': 1, 'capitalsAfterBlank[4]': 1 }],
    ["don't", { 'lowerElsewhere[3]': 1, apostropheBeforeWord: 1, 'lowerAfterApostrophe[1]': 1 }],
    ["say 'no'", { 'lowerElsewhere[3]': 1, signBeforeWord: 1, 'lowerAfterSign[2]': 1, sign: 1 }],
    ['snake_case', { 'lowerElsewhere[5]': 1, underscoreBeforeWord: 1, 'lowerAfterSign[4]': 1 }],
    ['a.b', { 'lowerElsewhere[1]': 1, dotBeforeWord: 1, 'lowerAfterSign[1]': 1 }],
    ['(x', { bracketBeforeWord: 1, 'lowerAfterSign[1]': 1 }],
    ['1234567', { digitGroup: 3 }],
    ['in 2024', { 'lowerElsewhere[2]': 1, blankBeforeDigit: 1, digitGroup: 2 }],
    ['a    b', { 'lowerElsewhere[1]': 1, blankRun: 1, furtherBlank: 3, 'lowerAfterBlank[1]': 1 }],
    ['a  1', { 'lowerElsewhere[1]': 1, furtherBlank: 1, blankRunBeforeDigit: 1, digitGroup: 1 }],
    ['a \n', { 'lowerElsewhere[1]': 1, trailingBlank: 1, lineBreak: 1 }],
    ['a\n\n\nb', { 'lowerElsewhere[1]': 2, lineBreak: 1, furtherLineBreak: 2 }],
    ['x;\n', { 'lowerElsewhere[1]': 1, signBeforeLineBreak: 1, lineBreak: 1 }],
    ['----', { dashRepeat: 3, 'signRun[4]': 1 }],
    ['=>', { signChange: 1, 'signRun[2]': 1 }],
    ['();\n', { otherRepeat: 1, signChange: 1, 'signRun[3]': 1, signRunBeforeLineBreak: 1, lineBreak: 1 }],
    ['========', { rulerRepeat: 7, overlongSignRun: 2, 'signRun[6]': 1 }],
    ['internationalisation', { 'lowerElsewhere[14]': 1, overlongWord: 6 }],
    ['café', { 'accented[4]': 1, accentedLetter: 1 }],
    ['Élan', { 'accented[4]': 1, accentedLetter: 1 }],
    ['người', { 'vietnamese[5]': 1 }],
    ['Привет, мир', { cyrillicRun: 2, cyrillicUnit: 9, sign: 1 }],
    ['ひらカタ', { hiraganaRun: 1, hiraganaUnit: 2, katakanaRun: 1, katakanaUnit: 2 }],
    ['한국어', { hangulRun: 1, hangulUnit: 3 }],
    ['的了', { hanRun: 1, hanUnit: 2 }],
    ['龘', { rareHanRun: 1, rareHanUnit: 1 }],
    ['，', { cjkPunctuationRun: 1, cjkPunctuationUnit: 1 }],
    ['😀', { surrogatesRun: 1, surrogatesUnit: 2 }],
    ['\ud800', { surrogatesRun: 1, surrogatesUnit: 1 }],
  ])('splits %j as tokenizers do', (text, features) => {
    expect(featuresOf(text)).toEqual(features);
  });

  it('keeps the four kinds of text apart', () => {
    const [words, signs, cjk, scripts] = groupsOf('Hello, 42! 你好 Привет');
    expect(words).toBeGreaterThan(0);
    expect(signs).toBeGreaterThan(0);
    expect(cjk).toBeGreaterThan(0);
    expect(scripts).toBeGreaterThan(0);
    expect(groupsOf('hello')[GROUP.signs]).toBe(0);
    expect(groupsOf('你好')).toEqual([0, 0, expect.any(Number), 0]);
  });

  it('adds to what the groups hold', () => {
    const groups = new Float64Array(GROUP_COUNT).fill(10);
    scanText('hello', groups);
    expect(groups[GROUP.words]).toBeGreaterThan(10);
    expect(groups[GROUP.cjk]).toBe(10);
  });

  it('reads a text of several chunks like its parts', () => {
    const sentence = 'The warranty covers 24 months; it does not cover wear. 保证期为两年。\n';
    const total = (text: string): number => groupsOf(text).reduce((sum, group) => sum + group, 0);
    const one = total(sentence);
    for (const times of [1, 20, 700, 3000]) {
      expect(total(sentence.repeat(times)) / (one * times)).toBeCloseTo(1, 2);
    }
  });
});
