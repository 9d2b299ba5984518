import { type EstimateTokensOptions, tokenModelOf } from './estimate-tokens.js';
import { PART, PART_COUNT, partsOf } from './part-vector.js';
import { GROUP_COUNT } from './scan-text.js';
import { addText } from './text-memo.js';
import { rangeOf, type TokenModel, type TokenRange } from './token-model.js';
import type { PromptBlock, PromptParts } from './types.js';

/** What a prompt of blocks has on one model. Media are not in it. */
export interface BlocksEstimate extends TokenRange {
  /** The text of each block alone, without what the service adds around it; media have 0. */
  readonly perBlock: readonly number[];
  /** Everything from the start of the prompt up to and with a block. */
  through(block: number): TokenRange;
}

/** A prompt whose text was read: what each model makes of it follows without reading it again. */
export interface MeasuredBlocks {
  /** What a calibration learns from. */
  readonly parts: PromptParts;
  /** Kinds of blocks that nothing counts, as `image`; empty when all was counted. */
  readonly unknown: readonly string[];
  /** 0: what `unknown` lists is in no number. */
  readonly mediaTokens: number;
  /** Estimates for a model, by what its responses have taught. */
  estimate(options: EstimateTokensOptions): BlocksEstimate;
  /** The same prompt with one block more at its end. */
  with(block: PromptBlock): MeasuredBlocks;
}

const UNCOUNTED: ReadonlySet<string> = new Set(['image', 'document', 'video', 'audio', 'systemTool']);
const TOOLS: ReadonlySet<string> = new Set(['toolSpec', 'systemTool']);

/**
 * Reads a prompt once, block by block, for estimates that several models and several levers ask for.
 *
 * @example
 * ```ts
 * const measured = measureBlocks(view.blocks);
 * const [cheap, strong] = [HAIKU, OPUS].map((model) => measured.estimate({ model, calibration }).total);
 * ```
 */
export function measureBlocks(blocks: readonly PromptBlock[]): MeasuredBlocks {
  const groups = new Float64Array(blocks.length * GROUP_COUNT);
  for (let index = 0; index < blocks.length; index++) {
    readText((blocks[index] as PromptBlock).text, groups, index * GROUP_COUNT);
  }
  return measured(blocks, groups);
}

// One buffer for all calls: reading is synchronous, and a view of an array costs more than reading a short text.
const read: Float64Array = /* @__PURE__ */ new Float64Array(GROUP_COUNT);

/** Writes a text's tokens to the place of its block. */
function readText(text: string, groups: Float64Array, place: number): void {
  if (text === '') return;
  for (let group = 0; group < GROUP_COUNT; group++) read[group] = 0;
  addText(text, read);
  for (let group = 0; group < GROUP_COUNT; group++) groups[place + group] = read[group] as number;
}

/** @param groups - the text of each block by {@link GROUP}, one block behind the other. */
function measured(blocks: readonly PromptBlock[], groups: Float64Array): MeasuredBlocks {
  const whole = partsThrough(blocks, groups, blocks.length - 1);
  // Several levers ask for the same model before its next response.
  let latest: BlocksEstimate | undefined;
  let asked: TokenModel | undefined;
  let observations = 0;

  return {
    parts: partsOf(whole),
    unknown: unknownKinds(blocks),
    mediaTokens: 0,
    estimate: (options) => {
      const model = tokenModelOf(options);
      if (latest === undefined || asked !== model || observations !== model.observations) {
        asked = model;
        observations = model.observations;
        latest = estimateOf(model, blocks, groups, whole);
      }
      return latest;
    },
    with: (block) => {
      const longer = new Float64Array(groups.length + GROUP_COUNT);
      longer.set(groups);
      readText(block.text, longer, groups.length);
      return measured([...blocks, block], longer);
    },
  };
}

function unknownKinds(blocks: readonly PromptBlock[]): readonly string[] {
  // Hardly any prompt has one: no list is made for those that have none.
  if (!blocks.some(isUncounted)) return NOTHING;
  return [...new Set(blocks.filter(isUncounted).map(({ kind }) => kind))];
}

const isUncounted = ({ kind, text }: PromptBlock): boolean => text === '' && UNCOUNTED.has(kind);

const NOTHING: readonly string[] = Object.freeze([]);

/** What the prompt consists of up to and with a block. */
function partsThrough(blocks: readonly PromptBlock[], groups: Float64Array, last: number): Float64Array {
  const parts = new Float64Array(PART_COUNT);
  if (last < 0) return parts;
  let messages = 0;
  for (let index = 0; index <= last; index++) {
    const { kind, messageIndex } = blocks[index] as PromptBlock;
    if (messageIndex !== undefined && messageIndex >= messages) messages = messageIndex + 1;
    if (TOOLS.has(kind)) parts[PART.toolPrompts] = 1;
    for (let group = 0; group < GROUP_COUNT; group++) {
      const part = PART.words + group;
      parts[part] = (parts[part] as number) + (groups[index * GROUP_COUNT + group] as number);
    }
  }
  parts[PART.requests] = 1;
  parts[PART.messages] = messages;
  return parts;
}

function estimateOf(
  model: TokenModel,
  blocks: readonly PromptBlock[],
  groups: Float64Array,
  whole: Float64Array,
): BlocksEstimate {
  const { factors } = model;
  const perBlock: number[] = [];
  for (let at = 0; at < groups.length; at += GROUP_COUNT) {
    let tokens = 0;
    for (let group = 0; group < GROUP_COUNT; group++) {
      tokens += (factors[PART.words + group] as number) * (groups[at + group] as number);
    }
    perBlock.push(tokens);
  }
  const { total, low, high } = rangeOf(model, whole);
  return {
    total,
    low,
    high,
    perBlock,
    through: (block) => rangeOf(model, partsThrough(blocks, groups, block)),
  };
}
