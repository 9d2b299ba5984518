import type { ImageSize } from './image-size.js';
import {
  factorOf,
  type TokenFactor,
  type TokenizerFamilyName,
  tokenizerFamilyOf,
} from './tokenizer-families.js';

/** What a model counts for pictures and pages. Kinds that are absent have no known rule. @internal */
export interface MediaRules {
  readonly image?: (size: ImageSize) => TokenFactor;
  /** One page of a PDF that the model reads as text. */
  readonly pdfPageAsText?: TokenFactor;
  /** One page of a PDF that the model also sees as a picture. */
  readonly pdfPageAsImage?: TokenFactor;
}

const around = (factor: number, low: number, high: number): TokenFactor =>
  factorOf([factor, factor * low, factor * high]);

/** Tokens by area, after the service has shrunk the picture to its longest edge and its most tokens. */
function byArea({ width, height }: ImageSize, maxEdge: number, maxTokens: number): TokenFactor {
  const scale = Math.min(1, maxEdge / Math.max(width, height, 1));
  const tokens = Math.min(maxTokens, (width * scale * height * scale) / 750);
  return around(Math.max(1, tokens), 0.85, 1.15);
}

const CLAUDE_PAGES: MediaRules = {
  // Anthropic documentation, PDF support on Converse: "approximately 1,000 tokens for a 3-page PDF" without citations, 7,000 with them.
  pdfPageAsText: factorOf([400, 20, 1500]),
  pdfPageAsImage: factorOf([2333, 1500, 4800]),
};

/** Points of the Nova user guide: pixels after rescaling, and tokens. */
const NOVA_IMAGE_TOKENS: readonly (readonly [number, number])[] = [
  [900 * 450, 800],
  [900 * 900, 1300],
  [1400 * 900, 1800],
  [1800 * 900, 2400],
  [1300 * 1300, 2600],
];

/** Nova enlarges a picture until one side has 896 pixels, then counts by its size. */
function novaImage({ width, height }: ImageSize): TokenFactor {
  const scale = Math.max(1, 896 / Math.max(width, height, 1));
  const pixels = width * scale * height * scale;
  const [, smallest] = NOVA_IMAGE_TOKENS[0] as readonly [number, number];
  const [mostPixels, mostTokens] = NOVA_IMAGE_TOKENS.at(-1) as readonly [number, number];
  let tokens = pixels > mostPixels ? (mostTokens * pixels) / mostPixels : smallest;
  for (let index = 1; index < NOVA_IMAGE_TOKENS.length; index++) {
    const [fromPixels, fromTokens] = NOVA_IMAGE_TOKENS[index - 1] as readonly [number, number];
    const [toPixels, toTokens] = NOVA_IMAGE_TOKENS[index] as readonly [number, number];
    if (pixels < fromPixels || pixels > toPixels) continue;
    tokens = fromTokens + ((toTokens - fromTokens) * (pixels - fromPixels)) / (toPixels - fromPixels);
    break;
  }
  return around(tokens, 0.6, 1.4);
}

const NOVA_PAGE: TokenFactor = factorOf([2560, 800, 4000]);
const NOVA_PAGES: MediaRules = { pdfPageAsText: NOVA_PAGE, pdfPageAsImage: NOVA_PAGE };

/** By tokenizer: models that share one have so far counted pictures alike. */
const RULES: Partial<Record<TokenizerFamilyName, MediaRules>> = {
  // Anthropic documentation, vision: width × height / 750, longest edge 1,568 pixels and at most 1,568 tokens, from
  // Opus 4.7 on 2,576 and 4,784. A scanned page was counted as 1,592 tokens on Claude 4.5, 1,600 on 5.5. Read 2026-11-22.
  claude: { image: (size) => byArea(size, 1568, 1568), ...CLAUDE_PAGES },
  claudeSince47: { image: (size) => byArea(size, 2576, 4784), ...CLAUDE_PAGES },
  // Nova user guide, modalities-image: a table of estimated counts; pages as for Nova 2 (assumed). Read 2026-11-22.
  nova: { image: novaImage, ...NOVA_PAGES },
  // Nova 2 user guide, using-multimodal-models: a flat 230 tokens per picture, about 2,560 per page. Read 2026-11-22.
  nova2: { image: () => factorOf([230, 230, 230]), ...NOVA_PAGES },
};

const NO_RULES: MediaRules = {};

/** The rules of a model; empty when none are known. @internal */
export const mediaRulesOf = (model: string): MediaRules => RULES[tokenizerFamilyOf(model).name] ?? NO_RULES;
