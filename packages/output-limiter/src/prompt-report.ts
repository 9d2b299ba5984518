import {
  checkOptions,
  estimatedTokens,
  isArray,
  isPositiveInteger,
  isText,
  type RequestView,
} from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { Money, type PriceOverride, ratesFor, resolveModel } from '@costkit/pricing';
import { nearDuplicates } from './near-duplicates.js';
import { promptParts } from './prompt-parts.js';
import { unusedExamples } from './unused-examples.js';
import { wordsOf } from './words-of.js';

/** What {@link promptReport} takes besides the requests. */
export interface PromptReportOptions {
  /** How many requests like these are sent in a month. @defaultValue as many as were given */
  readonly requestsPerMonth?: number;
  /** Source Region, for prices. */
  readonly region?: string;
  /** Negotiated prices. */
  readonly priceOverrides?: readonly PriceOverride[];
}

/** What a part of the prompt costs. */
export interface PromptSectionCost {
  readonly section: 'tools' | 'system' | 'history' | 'question';
  /** Estimated tokens of an average request. */
  readonly tokens: number;
  /** At the price of plain input, without any cache; `undefined`: the price is unknown. */
  readonly perMonth: Money | undefined;
}

/** Something that could go. */
export interface PromptFinding {
  readonly kind: 'repeatedInstruction' | 'unusedExample' | 'unusedTool';
  /** Where, e.g. `system, paragraph 7`, or the name of a tool; no text of the prompt. */
  readonly where: string;
  /** Estimated tokens of each request. */
  readonly tokens: number;
  readonly perMonth: Money | undefined;
  /** What to do about it; nothing is ever left out by itself. */
  readonly mend: string;
}

/** What a prompt costs, and what of it could go. */
export interface PromptReport {
  readonly sections: readonly PromptSectionCost[];
  /** The costliest first. */
  readonly findings: readonly PromptFinding[];
}

/** Share of a paragraph that must stand in an earlier one. */
const REPEATED = 0.6;
/** Shorter paragraphs repeat by chance. */
const SHORTEST_WORDS = 8;
const SECTIONS = ['tools', 'system', 'history', 'question'] as const;

/**
 * Reports on a prompt: what its sections cost in a month, which instructions stand in it twice, which examples no
 * question is like, and which tools no answer of these conversations has called. It changes nothing: whether a task does
 * without, only an evaluation shows; `ablatePrompt` asks one.
 *
 * @param requests - inputs of Converse as they were sent, of one task; their system prompt and tools are those of the last
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * const { findings } = promptReport(requests, { requestsPerMonth: 200_000 });
 * for (const { where, perMonth, mend } of findings) console.log(`${where}: ${perMonth} a month. ${mend}`);
 * ```
 */
export function promptReport(
  requests: readonly { readonly modelId?: string | undefined }[],
  options: PromptReportOptions = {},
): PromptReport {
  checkOptions<PromptReportOptions>('output-limiter', options, {
    requestsPerMonth: isPositiveInteger,
    region: isText,
    priceOverrides: isArray,
  });
  const views = requests.map((request) => viewRequest('Converse', request));
  const last = views.at(-1);
  if (last === undefined) return { sections: [], findings: [] };
  const { requestsPerMonth = requests.length } = options;
  const rate = inputRate(last, options);
  const monthly = (tokens: number): Money | undefined =>
    rate === undefined ? undefined : Money.fromPicoUsd(Math.round(tokens * requestsPerMonth * rate));
  const sections = SECTIONS.map((section) => {
    const tokens = Math.round(
      views.reduce((sum, view) => sum + sectionTokens(view)[section], 0) / views.length,
    );
    return { section, tokens, perMonth: monthly(tokens) };
  });
  const findings = [
    ...repeatedInstructions(last),
    ...examplesOf(requests, views),
    ...unusedTools(last, views),
  ]
    .map((finding) => ({ ...finding, perMonth: monthly(finding.tokens) }))
    .sort((one, other) => other.tokens - one.tokens);
  return { sections, findings };
}

function inputRate(view: RequestView, { region, priceOverrides }: PromptReportOptions): number | undefined {
  const model = resolveModel(view.modelId);
  if (model === undefined) return undefined;
  return ratesFor({
    model,
    ...(region === undefined ? {} : { region }),
    ...(priceOverrides === undefined ? {} : { overrides: priceOverrides }),
  })?.input;
}

function sectionTokens(view: RequestView): Record<(typeof SECTIONS)[number], number> {
  const tokens = { tools: 0, system: 0, history: 0, question: 0 };
  const lastMessage = view.blocks.at(-1)?.messageIndex;
  const { perBlock } = estimatedTokens(view);
  for (const [index, { section, messageIndex }] of view.blocks.entries()) {
    const part = section !== 'messages' ? section : messageIndex === lastMessage ? 'question' : 'history';
    tokens[part] += perBlock[index] ?? 0;
  }
  return tokens;
}

type Found = Omit<PromptFinding, 'perMonth'>;

function repeatedInstructions(view: RequestView): Found[] {
  const paragraphs = view.systemText
    .split(/\n+|(?<=[.!?])\s+(?=\p{Lu})/u)
    .filter((text) => text.trim() !== '');
  const words = paragraphs.map((text) => {
    const found = wordsOf(text);
    return found.length < SHORTEST_WORDS ? [] : found;
  });
  const all = paragraphs.reduce((sum, text) => sum + text.length, 0) || 1;
  const systemTokens = sectionTokens(view).system;
  return [...nearDuplicates(words, REPEATED)].map((index) => ({
    kind: 'repeatedInstruction',
    where: `system, sentence ${index + 1} of ${paragraphs.length}`,
    tokens: Math.round((systemTokens * (paragraphs[index]?.length ?? 0)) / all),
    mend: 'An earlier sentence says it already: keep one of them.',
  }));
}

function examplesOf(
  requests: readonly { readonly modelId?: string | undefined }[],
  views: readonly RequestView[],
): Found[] {
  const questions = views.map(({ lastUserText }) => lastUserText);
  return unusedExamples(promptParts(requests), questions).map(({ where, tokens }) => ({
    kind: 'unusedExample',
    where,
    tokens,
    mend: 'No question is more like it than like another example: leave it out where an evaluation agrees.',
  }));
}

function unusedTools(view: RequestView, views: readonly RequestView[]): Found[] {
  const called = new Set(
    views.flatMap(({ blocks }) =>
      blocks.filter(({ kind }) => kind === 'toolUse').map(({ text }) => nameIn(text)),
    ),
  );
  // Without any call, nothing is known of what is used.
  if (called.size === 0) return [];
  const { perBlock } = estimatedTokens(view);
  return view.blocks.flatMap(({ kind, text }, index): Found[] => {
    const name = kind === 'toolSpec' ? nameIn(text) : undefined;
    if (name === undefined || called.has(name)) return [];
    return [
      {
        kind: 'unusedTool',
        where: name,
        tokens: Math.round(perBlock[index] ?? 0),
        mend: 'No answer of these conversations has called it: leave it out where an evaluation agrees.',
      },
    ];
  });
}

/** The name of the tool that a block defines or calls. */
function nameIn(text: string): string | undefined {
  const { toolSpec, name } = JSON.parse(text) as { toolSpec?: { name?: string }; name?: string };
  return toolSpec?.name ?? name;
}
