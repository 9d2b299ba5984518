import { CostkitError } from '@costkit/core';

/** A prompt cannot be built from its parts. */
export class PromptError extends CostkitError {
  override readonly name: string = 'PromptError';

  constructor(message: string) {
    super(`costkit prompt-cache: ${message}`, { code: 'COSTKIT_INVALID_PROMPT' });
  }
}
