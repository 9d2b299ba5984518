import type { Calibration } from '@costkit/tokens';
import { isPromptArn } from './is-prompt-arn.js';
import type { Attempt } from './receipt.js';
import type { RequestView } from './request-view.js';
import { promptTokens } from './usage.js';

/** Responses of a model after which only prompts teach that somebody has measured anyway: reading one costs time. */
const ENOUGH = 50;

/**
 * Teaches a calibration what a response has reported. Only counts of the service itself count, and only of prompts
 * whose whole text the view knows: that of a stored prompt, of a schema and of earlier reasoning, which models leave
 * out, is not in its blocks.
 */
export function learnTokens(calibration: Calibration, view: RequestView, attempt: Attempt): void {
  const { servedModel, usage, quality, complete, error } = attempt;
  if (quality !== 'measured' || !complete || error !== undefined) return;
  const { prompt, features } = view;
  if (prompt.blocks.length === 0 || isPromptArn(view.modelId)) return;
  if (features.structuredOutput || features.reasoning) return;
  if (!prompt.isMeasured && calibration.observations(servedModel) >= ENOUGH) return;
  calibration.observe(servedModel, prompt.measured, promptTokens(usage));
}
