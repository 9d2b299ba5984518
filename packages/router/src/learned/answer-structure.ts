import { excerpt } from './prompt-words.js';
import type { CheapAnswer } from './types.js';

const HEDGE =
  /\b(?:not sure|unsure|uncertain|unclear|might|may be|perhaps|possibly|probably|likely|seems?|appears?|assum(?:e|ing)|i think|i believe|approximately|cannot be determined|not (?:mentioned|specified|stated|enough)|unknown|however|but|wait|actually)\b/gi;
const REFUSAL =
  /\b(?:i (?:cannot|can't|can not|am unable|am not able|won't)|i'm (?:unable|not able|sorry)|sorry, (?:but )?i|as an ai)\b/i;
/** Ways of saying "this is my answer", the last one counts. */
const FINAL = [
  /"answer"\s*:\s*"?([^"\n}]+)/gi,
  /\\boxed\{([^}]*)\}/g,
  /####\s*(.+)/g,
  /\banswer is:?\s*\(?([^\n.)]+)/gi,
];
const WORD = /[\p{L}\p{N}]+/gu;
const log = Math.log1p;

const wordsOf = (text: string): string[] => text.toLowerCase().match(WORD) ?? [];

/** What an answer comes down to, for comparison: the result it names, else its first line. */
export function finalAnswer(text: string): { readonly text: string; readonly named: boolean } {
  for (const pattern of FINAL) {
    const last = [...text.matchAll(pattern)].at(-1)?.[1];
    if (last !== undefined && wordsOf(last).length > 0) return { text: wordsOf(last).join(' '), named: true };
  }
  return { text: wordsOf(text.trim().split('\n', 1)[0] ?? '').join(' '), named: false };
}

/** Overlap of the words of two texts (F1), from 0 to 1. */
export const wordOverlap = (one: string, other: string): number => overlapOf(wordsOf(one), wordsOf(other));

function overlapOf(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) return left.length === right.length ? 1 : 0;
  const counts = new Map<string, number>();
  for (const word of left) counts.set(word, (counts.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of right) {
    const open = counts.get(word) ?? 0;
    if (open > 0) common += 1;
    counts.set(word, open - 1);
  }
  return (2 * common) / (left.length + right.length);
}

function isJson(text: string): boolean {
  const body = /```(?:json)?\s*([\s\S]*?)```/.exec(text)?.[1] ?? text;
  try {
    return typeof JSON.parse(body) === 'object';
  } catch {
    return false;
  }
}

/** What an answer looks like: its size and form, its doubts, and whether another answer agrees with it. */
export function answerStructure(answer: CheapAnswer): number[] {
  const { text, second, confidence, meanLogProbability, stopReason } = answer;
  const read = excerpt(text);
  const words = wordsOf(read);
  const lines = read.split('\n').filter((line) => line.trim() !== '');
  const final = finalAnswer(read);
  const other = second === undefined ? undefined : excerpt(second);
  const otherFinal = other === undefined ? undefined : finalAnswer(other);
  return [
    log(text.length),
    log(words.length),
    log(lines.length),
    new Set(words).size / Math.max(1, words.length),
    new Set(lines).size / Math.max(1, lines.length),
    log(read.match(HEDGE)?.length ?? 0),
    REFUSAL.test(read) ? 1 : 0,
    /[{[]/.test(read) ? (isJson(read) ? 1 : -1) : 0,
    /[.!?)}\]"'`\w]\s*$/.test(read) ? 0 : 1,
    stopReason === 'max_tokens' ? 1 : 0,
    log(read.match(/\d+/g)?.length ?? 0),
    log(read.match(/=/g)?.length ?? 0),
    final.named ? 1 : 0,
    log(final.text.length),
    confidence === undefined ? 0 : 1,
    confidence ?? 0.5,
    meanLogProbability === undefined ? 0 : 1,
    meanLogProbability ?? 0,
    other === undefined ? 0 : 1,
    other === undefined ? 0.5 : overlapOf(words, wordsOf(other)),
    otherFinal === undefined ? 0.5 : wordOverlap(final.text, otherFinal.text),
    otherFinal === undefined ? 0.5 : otherFinal.text === final.text ? 1 : 0,
    other === undefined ? 0 : Math.abs(log(other.length) - log(read.length)),
  ];
}
