import { estimateText } from '@costkit/tokens';
import type { Block, RequestFeatures } from './request-view.js';

/** Estimated input tokens of a request. */
export interface EstimatedTokens {
  readonly total: number;
  /** In the order of {@link RequestView.blocks}. Media count 0: their tokens are not known from the request. */
  readonly perBlock: readonly number[];
}

/** What the prompt of a request holds: read once, and shared by all views that leave its blocks as they are. */
export class PromptReading {
  readonly blocks: readonly Block[];
  readonly #readFeatures: (blocks: readonly Block[]) => RequestFeatures;
  #features: RequestFeatures | undefined;
  #tokens: EstimatedTokens | undefined;

  /** @param readFeatures - what the request asks of a model; read when first asked for. */
  constructor(blocks: readonly Block[], readFeatures: (blocks: readonly Block[]) => RequestFeatures) {
    this.blocks = blocks;
    this.#readFeatures = readFeatures;
  }

  get features(): RequestFeatures {
    this.#features ??= this.#readFeatures(this.blocks);
    return this.#features;
  }

  get tokens(): EstimatedTokens {
    this.#tokens ??= sumOf(this.blocks.map(({ text }) => estimateText(text)));
    return this.#tokens;
  }

  /** The prompt with one block of text more at its end, which asks nothing new of a model. */
  with(block: Block): PromptReading {
    const longer = new PromptReading([...this.blocks, block], this.#readFeatures);
    longer.#features = this.#features;
    if (this.#tokens !== undefined) {
      longer.#tokens = sumOf([...this.#tokens.perBlock, estimateText(block.text)]);
    }
    return longer;
  }
}

function sumOf(perBlock: readonly number[]): EstimatedTokens {
  let total = 0;
  for (const tokens of perBlock) total += tokens;
  return { total, perBlock };
}
