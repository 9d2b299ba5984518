import { type EstimateTokensOptions, tokenModelOf } from './estimate-tokens.js';
import { PART, PART_COUNT, partsOf } from './part-vector.js';
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
  const through = new Float64Array(blocks.length * PART_COUNT);
  for (let index = 0; index < blocks.length; index++) readBlock(through, index, blocks[index] as PromptBlock);
  return measured(through, unknownKinds(blocks));
}

/** Writes what the prompt consists of up to and with a block; all before it are written. */
function readBlock(through: Float64Array, index: number, { text, kind, messageIndex }: PromptBlock): void {
  const at = index * PART_COUNT;
  // By hand: of seven numbers the call of a copy takes longer than the copy.
  for (let part = 0; index > 0 && part < PART_COUNT; part++) {
    through[at + part] = through[at + part - PART_COUNT] as number;
  }
  through[at + PART.requests] = 1;
  if (messageIndex !== undefined && messageIndex >= (through[at + PART.messages] as number)) {
    through[at + PART.messages] = messageIndex + 1;
  }
  if (TOOLS.has(kind)) through[at + PART.toolPrompts] = 1;
  addText(text, through, at + PART.words);
}

/** @param through - what the prompt consists of up to and with each block, one vector of parts behind the other. */
function measured(through: Float64Array, unknown: readonly string[]): MeasuredBlocks {
  const whole = partsThrough(through, through.length / PART_COUNT - 1);
  // Several levers ask for the same model before its next response.
  let latest: BlocksEstimate | undefined;
  let asked: TokenModel | undefined;
  let observations = 0;

  return {
    parts: partsOf(whole),
    unknown,
    mediaTokens: 0,
    estimate: (options) => {
      const model = tokenModelOf(options);
      if (latest === undefined || asked !== model || observations !== model.observations) {
        asked = model;
        observations = model.observations;
        latest = estimateOf(model, through, whole);
      }
      return latest;
    },
    with: (block) => {
      const longer = new Float64Array(through.length + PART_COUNT);
      longer.set(through);
      readBlock(longer, through.length / PART_COUNT, block);
      return measured(
        longer,
        isUncounted(block) ? [...new Set([...unknown, ...unknownKinds([block])])] : unknown,
      );
    },
  };
}

function unknownKinds(blocks: readonly PromptBlock[]): readonly string[] {
  // Hardly any prompt has one: no list is made for those that have none.
  if (!blocks.some(isUncounted)) return NOTHING;
  return [
    ...new Set(
      blocks.filter(isUncounted).flatMap((block) => (block.media ?? [block]).map(({ kind }) => kind)),
    ),
  ];
}

const isUncounted = ({ kind, text, media }: PromptBlock): boolean =>
  media !== undefined || (text === '' && UNCOUNTED.has(kind)) || kind === 'other';

const NOTHING: readonly string[] = Object.freeze([]);

const partsThrough = (through: Float64Array, block: number): Float64Array =>
  block < 0 ? new Float64Array(PART_COUNT) : through.subarray(block * PART_COUNT, (block + 1) * PART_COUNT);

function estimateOf(model: TokenModel, through: Float64Array, whole: Float64Array): BlocksEstimate {
  const { factors } = model;
  const perBlock: number[] = [];
  for (let at = 0; at < through.length; at += PART_COUNT) {
    let tokens = 0;
    for (let part: number = PART.words; part < PART_COUNT; part++) {
      const before = at === 0 ? 0 : (through[at - PART_COUNT + part] as number);
      tokens += (factors[part] as number) * ((through[at + part] as number) - before);
    }
    perBlock.push(tokens);
  }
  const { total, low, high } = rangeOf(model, whole);
  return {
    total,
    low,
    high,
    perBlock,
    through: (block) => rangeOf(model, partsThrough(through, block)),
  };
}
