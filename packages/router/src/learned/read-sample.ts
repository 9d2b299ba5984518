import { answerStructure } from './answer-structure.js';
import { promptStructure } from './prompt-structure.js';
import { type PromptWords, promptWords } from './prompt-words.js';
import type { CheapAnswer } from './types.js';

/** What a model knows of a prompt, before any weight. */
export interface Reading extends PromptWords {
  readonly structure: readonly number[];
  readonly characters: number;
}

/** Reads a prompt, and the cheap tier's answer where there is one. */
export function readSample(prompt: string, answer?: CheapAnswer): Reading {
  if (answer === undefined) {
    return { ...promptWords(prompt), structure: promptStructure(prompt), characters: prompt.length };
  }
  return {
    ...promptWords(prompt, answer.text, answer.second ?? ''),
    structure: [...promptStructure(prompt), ...answerStructure(answer)],
    characters: prompt.length + answer.text.length,
  };
}
