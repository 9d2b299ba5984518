import { type Certainty, resolveModel } from '@costkit/pricing';

/** How many tokens of a tokenizer one o200k token corresponds to, and the bounds that cover nearly all texts. */
export interface TokenFactor {
  readonly factor: number;
  readonly low: number;
  readonly high: number;
}

/** The tokenizer that a group of models shares, relative to o200k. */
export interface TokenizerFamily {
  readonly name: TokenizerFamilyName;
  /** Words in Latin script. */
  readonly words: TokenFactor;
  /** Digits, punctuation, blanks and line breaks. */
  readonly signs: TokenFactor;
  /** Chinese, Japanese and Korean. */
  readonly cjk: TokenFactor;
  /** All other scripts, symbols and emoji. */
  readonly scripts: TokenFactor;
  /** Tokens that the model's instructions for tool use add to a request that defines tools. */
  readonly toolPrompt: TokenFactor;
  readonly certainty: Certainty;
}

/** A factor with its bounds: how many tokens one o200k token becomes, at least, at most. */
type Bounds = readonly [factor: number, low: number, high: number];

/** A family in the table: how sure it is, then words, signs, cjk, scripts and the tool prompt. */
type FamilyRow = readonly [
  certainty: Certainty,
  words: Bounds,
  signs: Bounds,
  cjk: Bounds,
  scripts: Bounds,
  toolPrompt?: Bounds,
];

/** Templates for tools are part of a model's prompt format; their length is rarely published. */
const SOME_TOOL_PROMPT: Bounds = [40, 0, 200];

/** The tokenizers that Bedrock's models use, as far as they are told apart. */
export type TokenizerFamilyName =
  | 'o200k'
  | 'claude'
  | 'claudeSince47'
  | 'nova'
  | 'nova2'
  | 'llama3'
  | 'mistral32k'
  | 'tekken'
  | 'qwen3'
  | 'deepseek'
  | 'gemma3'
  | 'commandR'
  | 'unknown';

// The comment over each row says where it comes from. They stand in comments, and the rows are short, because every
// application that estimates carries this table.
const ROWS: Readonly<Record<TokenizerFamilyName, FamilyRow>> = {
  // The model card of gpt-oss (o200k_harmony); that GPT-5 and later keep it is assumed. Read 2026-11-22.
  o200k: ['documented', [1, 0.97, 1.06], [1, 0.97, 1.06], [1, 0.97, 1.06], [1, 0.97, 1.06]],
  // Claude 2 tokenizer by scripts/fit-families.ts (1.10, 0.96, 1.53, 2.46); counts of Claude 4.5 beside
  // o200k in the dataset JOHNISKING/pdf-token-cost (1.09 prose, 1.14 CSV); published comparisons of Claude
  // 3.5 with GPT-4o (1.16 prose, 1.30 Python); tool prompt: Anthropic documentation, by model 159 to 530.
  // Read 2026-11-22.
  claude: ['third-party', [1.12, 1, 1.3], [1.12, 0.95, 1.4], [1.5, 1, 2.2], [2, 1.1, 3], [346, 159, 550]],
  // Anthropic: 1.0 to 1.35 times the tokens of Opus 4.6, about 1.3 for Sonnet 5; counted by others: 1.20 to
  // 1.47 for English, 1.13 to 1.39 for code, 1.0 for other scripts (claudecodecamp.com, sol.ava.dev), 1.45
  // for prose and 1.27 for CSV on Claude 5.5 (JOHNISKING/pdf-token-cost). Read 2026-11-22.
  claudeSince47: [
    'third-party',
    [1.5, 1.15, 1.85],
    [1.3, 1, 1.7],
    [1.5, 1, 2.2],
    [2, 1.1, 3],
    [346, 159, 700],
  ],
  // Counts of Nova Lite beside Claude 3 Haiku on 17 texts (heuristicandrew.blogspot.com, 2025). Read
  // 2026-11-22.
  nova: ['third-party', [1.02, 0.9, 1.25], [1.15, 0.9, 1.5], [1.7, 1, 2.6], [2, 1.1, 3.2], [60, 0, 500]],
  // That Nova 2 kept the tokenizer is assumed; what it counts for pictures is different.
  nova2: ['assumed', [1.02, 0.9, 1.25], [1.15, 0.9, 1.5], [1.7, 1, 2.6], [2, 1.1, 3.2], [60, 0, 500]],
  // Counted with the public tokenizer by scripts/fit-families.ts on English, code, CJK and 30 other
  // languages.
  llama3: ['observed', [1.03, 0.97, 1.12], [0.97, 0.9, 1.1], [1, 0.9, 1.15], [1.35, 0.9, 2.6]],
  // Counted with the public tokenizer by scripts/fit-families.ts on English, code, CJK and 30 other
  // languages.
  mistral32k: ['observed', [1.14, 1.05, 1.35], [1.33, 1.1, 1.6], [1.6, 1.2, 2], [1.95, 1.2, 3.2]],
  // Counted with the public tokenizer by scripts/fit-families.ts on English, code, CJK and 30 other
  // languages.
  tekken: ['observed', [1.01, 0.95, 1.12], [1.12, 0.95, 1.35], [1, 0.9, 1.25], [1.2, 0.85, 3]],
  // Counted with the public tokenizer by scripts/fit-families.ts on English, code, CJK and 30 other
  // languages.
  qwen3: ['observed', [1.02, 0.95, 1.12], [1.06, 0.9, 1.35], [0.9, 0.8, 1.1], [1.5, 0.9, 2.6]],
  // Counted with the public tokenizer by scripts/fit-families.ts on English, code, CJK and 30 other
  // languages.
  deepseek: ['observed', [1.04, 0.97, 1.12], [1, 0.9, 1.15], [0.92, 0.8, 1.1], [1.25, 0.9, 2]],
  // Counted with the public tokenizer by scripts/fit-families.ts on English, code, CJK and 30 other
  // languages.
  gemma3: ['observed', [0.97, 0.92, 1.1], [1.3, 1.05, 1.5], [0.75, 0.65, 1], [0.85, 0.7, 1.3]],
  // Counted with the public tokenizer by scripts/fit-families.ts on English, code, CJK and 30 other
  // languages.
  commandR: ['observed', [1, 0.95, 1.1], [1.2, 1, 1.4], [0.86, 0.75, 1.05], [1.15, 0.8, 2.6]],
  // The widest of the other families. Read 2026-11-22.
  unknown: ['assumed', [1.1, 0.9, 1.85], [1.15, 0.9, 1.8], [1.1, 0.7, 2.6], [1.4, 0.8, 3.2], [100, 0, 700]],
};

/** A factor between its bounds. @internal */
export const factorOf = ([factor, low, high]: Bounds): TokenFactor => ({ factor, low, high });

const familyOf = (
  name: TokenizerFamilyName,
  [certainty, words, signs, cjk, scripts, toolPrompt = SOME_TOOL_PROMPT]: FamilyRow,
): TokenizerFamily => ({
  name,
  words: factorOf(words),
  signs: factorOf(signs),
  cjk: factorOf(cjk),
  scripts: factorOf(scripts),
  toolPrompt: factorOf(toolPrompt),
  certainty,
});

/** The tokenizers behind Bedrock's models; sources stand in the code. */
export const TOKENIZER_FAMILIES: Readonly<Record<TokenizerFamilyName, TokenizerFamily>> =
  /* @__PURE__ */ Object.fromEntries(
    Object.entries(ROWS).map(([name, row]) => [name, familyOf(name as TokenizerFamilyName, row)]),
  ) as Record<TokenizerFamilyName, TokenizerFamily>;

/** Which models use which tokenizer: model ids, or prefixes that end in `*`; the first row that fits counts. */
const MODEL_FAMILIES: readonly (readonly [string, TokenizerFamilyName])[] = [
  ['openai.*', 'o200k'],
  ['anthropic.claude-3*', 'claude'],
  ['anthropic.claude-opus-4-7*', 'claudeSince47'],
  ['anthropic.claude-opus-4-8*', 'claudeSince47'],
  ['anthropic.claude-opus-4*', 'claude'],
  ['anthropic.claude-sonnet-4*', 'claude'],
  ['anthropic.claude-haiku-4*', 'claude'],
  ['anthropic.claude-instant*', 'claude'],
  ['anthropic.claude-v*', 'claude'],
  // Sonnet 5 by Anthropic's word, Claude 5.5 by count; that Fable and Mythos share it is assumed.
  ['anthropic.*', 'claudeSince47'],
  ['amazon.nova-2-*', 'nova2'],
  ['amazon.nova-*', 'nova'],
  ['meta.llama2*', 'mistral32k'],
  ['meta.*', 'llama3'],
  ['mistral.mistral-7b*', 'mistral32k'],
  ['mistral.mixtral*', 'mistral32k'],
  ['mistral.mistral-large-24*', 'mistral32k'],
  ['mistral.mistral-small-2402*', 'mistral32k'],
  ['mistral.pixtral-large*', 'mistral32k'],
  ['mistral.*', 'tekken'],
  ['nvidia.*', 'tekken'],
  ['qwen.*', 'qwen3'],
  ['deepseek.*', 'deepseek'],
  ['google.gemma*', 'gemma3'],
  ['cohere.command-r*', 'commandR'],
];

const byModelId = new Map<string, TokenizerFamily>();

/**
 * The tokenizer family of a model id, inference profile or ARN; the family `unknown`, with a wide range, when
 * the catalogue or the table does not know it.
 */
export function tokenizerFamilyOf(model: string): TokenizerFamily {
  const id = resolveModel(model)?.model.id;
  if (id === undefined) return TOKENIZER_FAMILIES.unknown;
  let family = byModelId.get(id);
  if (family === undefined) {
    const row = MODEL_FAMILIES.find(([pattern]) =>
      pattern.endsWith('*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern,
    );
    family = TOKENIZER_FAMILIES[row?.[1] ?? 'unknown'];
    byModelId.set(id, family);
  }
  return family;
}
