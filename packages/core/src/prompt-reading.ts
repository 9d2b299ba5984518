import type { Calibration } from '@costkit/tokens';
import { type MeasuredBlocks, measureBlocks } from '@costkit/tokens/blocks';
import type { Block, RequestFeatures } from './request-view.js';

/** Estimated input tokens of a request on one model; media are not in it: their tokens are not known from the text. */
export interface EstimatedTokens {
  /** The best estimate of what the service will count: the text, and what surrounds it. Not rounded. */
  readonly total: number;
  /** At least this many, in all but rare cases. */
  readonly low: number;
  /** At most this many, in all but rare cases. */
  readonly high: number;
  /** The text of each block alone, in the order of {@link RequestView.blocks}; media have 0. */
  readonly perBlock: readonly number[];
  /** Everything from the start of the prompt up to and with a block. */
  through(block: number): Pick<EstimatedTokens, 'total' | 'low' | 'high'>;
}

/** What the prompt of a request holds: read once, and shared by all views that leave its blocks as they are. */
export class PromptReading {
  readonly blocks: readonly Block[];
  readonly #readFeatures: (blocks: readonly Block[]) => RequestFeatures;
  #features: RequestFeatures | undefined;
  #measured: MeasuredBlocks | undefined;

  /** @param readFeatures - what the request asks of a model; read when first asked for. */
  constructor(blocks: readonly Block[], readFeatures: (blocks: readonly Block[]) => RequestFeatures) {
    this.blocks = blocks;
    this.#readFeatures = readFeatures;
  }

  get features(): RequestFeatures {
    this.#features ??= this.#readFeatures(this.blocks);
    return this.#features;
  }

  /** Its text by kinds, as far as it decides its tokens on any model. */
  get measured(): MeasuredBlocks {
    this.#measured ??= measureBlocks(this.blocks);
    return this.#measured;
  }

  /** Whether somebody has asked for its tokens, so that asking again costs nothing. */
  get isMeasured(): boolean {
    return this.#measured !== undefined;
  }

  /** @param model - a model id, or an id or ARN that the catalogue does not know: a wide estimate. */
  tokens(model: string, calibration: Calibration | undefined): EstimatedTokens {
    return this.measured.estimate({ model, calibration });
  }

  /** The prompt with one block of text more at its end, which asks nothing new of a model. */
  with(block: Block): PromptReading {
    const longer = new PromptReading([...this.blocks, block], this.#readFeatures);
    longer.#features = this.#features;
    longer.#measured = this.#measured?.with(block);
    return longer;
  }
}
