import type { RouterTier } from '@costkit/router';
import { CliUsageError } from './cli-error.js';

/** `cheap=us.amazon.nova-lite-v1:0`, or of a custom model `student=ARN@base-model`. @throws `CliUsageError` for what is no tier. */
export function readTier(text: string): RouterTier {
  const [name = '', called = '', ...rest] = text.split('=');
  const [modelId = '', model, ...more] = called.split('@');
  if (name === '' || modelId === '' || rest.length + more.length > 0)
    throw new CliUsageError(
      `"${text}" is no tier. Write name=modelId, or name=ARN@model for a custom model`,
      'COSTKIT_INVALID_OPTION',
    );
  return { name, modelId, ...(model === undefined ? {} : { model }) };
}
