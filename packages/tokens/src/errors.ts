import { CostkitError } from '@costkit/pricing';

/** The optional package `tiktoken` is not installed, or failed to load. */
export class TokenizerMissingError extends CostkitError {
  override readonly name: string = 'TokenizerMissingError';

  constructor(options: ErrorOptions = {}) {
    super(
      'costkit tokens: exact counts need the package "tiktoken", which could not be loaded. ' +
        'Install it (npm install tiktoken), or use estimateTokens.',
      { code: 'COSTKIT_TOKENIZER_MISSING', ...options },
    );
  }
}

/** The model does not offer CountTokens, or is not known; nothing was sent. */
export class CountTokensUnsupportedError extends CostkitError {
  override readonly name: string = 'CountTokensUnsupportedError';
  /** The id or ARN as it was given. */
  readonly modelId: string;

  constructor(modelId: string) {
    super(
      `costkit tokens: "${modelId}" is not known to count tokens on Bedrock. ` +
        'Use estimateTokens, or pass the bare id of a model that does.',
      { code: 'COSTKIT_COUNT_TOKENS_UNSUPPORTED' },
    );
    this.modelId = modelId;
  }
}
