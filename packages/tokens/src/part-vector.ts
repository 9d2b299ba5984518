import type { PromptParts } from './types.js';

/** The places of {@link PromptParts} in a vector. @internal */
export const PART = {
  requests: 0,
  messages: 1,
  toolPrompts: 2,
  words: 3,
  signs: 4,
  cjk: 5,
  scripts: 6,
} as const;

/** @internal */
export const PART_COUNT = 7;

/** @internal */
export const partsOf = (vector: Float64Array): PromptParts => ({
  requests: vector[PART.requests] as number,
  messages: vector[PART.messages] as number,
  toolPrompts: vector[PART.toolPrompts] as number,
  words: vector[PART.words] as number,
  signs: vector[PART.signs] as number,
  cjk: vector[PART.cjk] as number,
  scripts: vector[PART.scripts] as number,
});

/** @internal */
export const vectorOf = (parts: PromptParts): Float64Array =>
  Float64Array.of(
    parts.requests,
    parts.messages,
    parts.toolPrompts,
    parts.words,
    parts.signs,
    parts.cjk,
    parts.scripts,
  );
