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
