import { excerpt } from './prompt-words.js';

const NUMBER = /\d+(?:[.,]\d+)*/g;
const WORD = /\p{L}+/gu;
/** Hundreds of digits are no number. */
const MAX_NUMBER = 1e15;
const OPTION = /^\s*\(?[A-J][.):]\s/;

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;
const has = (text: string, pattern: RegExp): number => (pattern.test(text) ? 1 : 0);
const largest = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, value), 0);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
const log = Math.log1p;

/**
 * What a prompt looks like whatever its words: its size, its numbers, its options, its code. Models trained on few
 * records learn most from this.
 */
export function promptStructure(prompt: string): number[] {
  const text = excerpt(prompt);
  const characters = Math.max(1, text.length);
  const lines = text.split('\n');
  const words = text.toLowerCase().match(WORD) ?? [];
  const options = lines.filter((line) => OPTION.test(line));
  const optionCharacters = options.reduce((sum, line) => sum + line.length, 0);
  const numbers = (text.match(NUMBER) ?? []).map((number) =>
    Math.min(MAX_NUMBER, Number.parseFloat(number.replaceAll(',', ''))),
  );
  const sentences = count(text, /[.!?](?:\s|$)/g);
  const indents = lines.map((line) => (line.trim() === '' ? 0 : line.search(/\S/)));
  return [
    // Size.
    log(prompt.length),
    log(words.length),
    log(lines.length),
    log(largest(lines.map((line) => line.length))),
    log(sentences),
    log(characters / Math.max(1, sentences)),
    mean(words.map((word) => word.length)),
    new Set(words).size / Math.max(1, words.length),
    // Options to choose from.
    log(options.length),
    log(optionCharacters / Math.max(1, options.length)),
    log(characters - optionCharacters),
    // Numbers.
    log(numbers.length),
    log(largest(numbers)),
    log(mean(numbers)),
    count(text, /\d/g) / characters,
    has(text, /\d\.\d/),
    has(text, /\d\/\d/),
    has(text, /[%$€£]/),
    // What is asked.
    log(count(text, /\?/g)),
    log(count(text, /\b(?:not|except|never|cannot|least|incorrect|false)\b/gi)),
    has(text, /\b(?:NOT|EXCEPT|LEAST)\b/),
    has(text, /_{3}/),
    log(
      count(
        text,
        /\b(?:each|every|per|twice|half|times|percent|ratio|more than|less than|remaining|left|total|average|if|then|after|before)\b/gi,
      ),
    ),
    // Formulas, code, other scripts.
    log(count(text, /\\[a-z]+/gi)),
    log(count(text, /[=+\-*/^<>]/g)),
    log(count(text, /[{}()[\];]/g)),
    log(count(text, /\b(?:if|for|while|return|def|else|elif|in|len|range)\b/g)),
    log(count(text, /["'`]/g)),
    log(count(text, /,/g)),
    log(largest(indents)),
    count(text, /[A-Z]/g) / characters,
    count(text, /[^ -\u007f\n\r\t]/g) / characters,
  ];
}

/** How many features a prompt's structure has. */
export const PROMPT_FEATURES: number = promptStructure('').length;
