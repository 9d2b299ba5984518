import type { Calibration } from '@costkit/tokens';
import { isPromptArn } from './is-prompt-arn.js';
import type { Attempt } from './receipt.js';
import type { RequestView } from './request-view.js';
import { promptTokens } from './usage.js';

/**
 * Responses of a model after which little is left to learn, and learning costs time: from then on every fourth teaches,
 * if somebody has measured its prompt anyway.
 */
const ENOUGH = 50;
const EVERY = 4;
let passed = 0;

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
  if (calibration.observations(servedModel) >= ENOUGH) {
    passed += 1;
    if (!prompt.isMeasured || passed % EVERY !== 0) return;
  }
  calibration.observe(servedModel, prompt.measured, promptTokens(usage));
}
