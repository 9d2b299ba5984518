import { resolveModel } from '@costkit/pricing';
import type { ImageSize } from './image-size.js';
import type { TokenFactor } from './tokenizer-families.js';

/** What a model counts for pictures and pages. Kinds that are absent have no known rule. @internal */
export interface MediaRules {
  readonly image?: (size: ImageSize) => TokenFactor;
  /** One page of a PDF that the model reads as text. */
  readonly pdfPageAsText?: TokenFactor;
  /** One page of a PDF that the model also sees as a picture. */
  readonly pdfPageAsImage?: TokenFactor;
  readonly source: string;
}

const around = (factor: number, low: number, high: number): TokenFactor => ({
  factor,
  low: factor * low,
  high: factor * high,
});

/** Tokens by area, after the service has shrunk the picture to its longest edge and its most tokens. */
function byArea({ width, height }: ImageSize, maxEdge: number, maxTokens: number): TokenFactor {
  const scale = Math.min(1, maxEdge / Math.max(width, height, 1));
  const tokens = Math.min(maxTokens, (width * scale * height * scale) / 750);
  return around(Math.max(1, tokens), 0.85, 1.15);
}

const CLAUDE_PAGES = {
  // "Approximately 1,000 tokens for a 3-page PDF" without citations, 7,000 with them.
  pdfPageAsText: { factor: 400, low: 20, high: 1500 },
  pdfPageAsImage: { factor: 2333, low: 1500, high: 4800 },
} as const;

const CLAUDE_SOURCE =
  'Anthropic documentation, vision (width × height / 750; longest edge 1,568 pixels and 1,568 tokens, from Opus 4.7 on ' +
  '2,576 and 4,784) and PDF support, read 2026-11-22; a scanned page was counted as 1,592 tokens on Claude 4.5 and 1,600 on 5.5';

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

const NOVA_PAGE = { factor: 2560, low: 800, high: 4000 };

/** Model ids, or prefixes that end in `*`; the first row that fits counts. */
const RULES: readonly (readonly [string, MediaRules])[] = [
  ...['opus-4-7', 'opus-4-8', 'opus-5', 'sonnet-5', 'haiku-5', 'fable', 'mythos'].map(
    (name): readonly [string, MediaRules] => [
      `anthropic.claude-${name}*`,
      { image: (size) => byArea(size, 2576, 4784), ...CLAUDE_PAGES, source: CLAUDE_SOURCE },
    ],
  ),
  ['anthropic.*', { image: (size) => byArea(size, 1568, 1568), ...CLAUDE_PAGES, source: CLAUDE_SOURCE }],
  [
    'amazon.nova-2-*',
    {
      image: () => ({ factor: 230, low: 230, high: 230 }),
      pdfPageAsText: NOVA_PAGE,
      pdfPageAsImage: NOVA_PAGE,
      source:
        'Nova 2 user guide, using-multimodal-models: 230 tokens per image, about 2,560 per PDF page; read 2026-11-22',
    },
  ],
  [
    'amazon.nova-*',
    {
      image: novaImage,
      pdfPageAsText: NOVA_PAGE,
      pdfPageAsImage: NOVA_PAGE,
      source:
        'Nova user guide, modalities-image: table of estimated token counts; PDF pages as for Nova 2 (assumed)',
    },
  ],
];

const NO_RULES: MediaRules = { source: 'no published rule' };

/** The rules of a model; empty when none are known. @internal */
export function mediaRulesOf(model: string): MediaRules {
  const id = resolveModel(model)?.model.id;
  if (id === undefined) return NO_RULES;
  const row = RULES.find(([pattern]) =>
    pattern.endsWith('*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern,
  );
  return row?.[1] ?? NO_RULES;
}
