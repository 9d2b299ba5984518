import { cutLongRuns } from './cut-long-runs.js';
import { TokenizerMissingError } from './errors.js';
import { type EstimateTokensOptions, toEstimate, tokenModelOf } from './estimate-tokens.js';
import { measurePrompt } from './measure-prompt.js';
import { PART } from './part-vector.js';
import type { Countable, TokenEstimate } from './types.js';

/** What of tiktoken is used. */
interface Encoder {
  encode_ordinary(text: string): Uint32Array;
}

/** Loads the encoder; replaced in tests. */
export type EncoderLoader = () => Promise<Encoder>;

let encoder: Promise<Encoder> | undefined;

async function loadEncoder(): Promise<Encoder> {
  try {
    const { get_encoding: getEncoding } = await import('tiktoken');
    return getEncoding('o200k_base');
  } catch (cause) {
    // The next call tries again: the package may have been installed meanwhile.
    encoder = undefined;
    throw new TokenizerMissingError({ cause });
  }
}

/** The encoder of this process. */
export const sharedEncoder: EncoderLoader = () => {
  encoder ??= loadEncoder();
  return encoder;
};

/** Counts the texts of a prompt with an encoder, and translates the count for the model. */
export async function encodedTokens(
  load: EncoderLoader,
  prompt: Countable,
  options: EstimateTokensOptions,
): Promise<TokenEstimate> {
  const loaded = await load();
  const measured = measurePrompt(prompt, options.model, true);
  const { parts, texts = [] } = measured;
  let exact = 0;
  for (const text of texts)
    for (const piece of cutLongRuns(text)) exact += loaded.encode_ordinary(piece).length;
  let estimated = 0;
  for (let part: number = PART.words; part <= PART.scripts; part++) estimated += parts[part] as number;
  // The count says how many there are; which kind of text they belong to is known from the estimate.
  if (estimated > 0) {
    for (let part: number = PART.words; part <= PART.scripts; part++) {
      parts[part] = ((parts[part] as number) * exact) / estimated;
    }
  }
  return toEstimate(measured, tokenModelOf(options), 'tiktoken');
}
