import type { RouterTier } from '@costkit/router';
import { CliUsageError } from './cli-error.js';

/** `cheap=us.amazon.nova-lite-v1:0`. @throws `CliUsageError` for what is no tier. */
export function readTier(text: string): RouterTier {
  const [name = '', modelId = ''] = text.split('=');
  if (name === '' || modelId === '')
    throw new CliUsageError(`"${text}" is no tier. Write name=modelId`, 'COSTKIT_INVALID_OPTION');
  return { name, modelId };
}
