import type { RequestView } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import type { ResolvedModel } from '@costkit/pricing';
import type { Effort } from './output-limit-options.js';

/** The parts of a Converse input that say how long the model thinks and where it stops. */
interface ShapedInput {
  readonly outputConfig?: { readonly effort?: string };
  readonly inferenceConfig?: { readonly stopSequences?: readonly string[] };
}

const EFFORTS: readonly string[] = ['low', 'medium', 'high', 'xhigh', 'max'];

/** Whether a request's own effort is above another; one that says nothing has the model's, which is at least medium. */
const isAbove = (own: string | undefined, effort: Effort): boolean =>
  EFFORTS.indexOf(own ?? 'high') > EFFORTS.indexOf(effort);

/**
 * The request with less effort; the same view where that is not known to be accepted. Models that think unless told not to
 * take an effort (assumed for Converse; source: the user guide on adaptive thinking), and a request that sets its own
 * thinking stays as it is.
 */
export function withEffort(
  view: RequestView,
  effort: Effort | undefined,
  { model }: Pick<ResolvedModel, 'model'>,
): RequestView {
  const { outputConfig } = view.input as ShapedInput;
  const thinks = model.capabilities.thinking === 'default' || model.capabilities.thinking === 'always';
  if (effort === undefined || view.dialect !== 'converse' || !thinks) return view;
  if (view.features.thinking !== undefined || view.pinned.has('maxTokens')) return view;
  if (!isAbove(outputConfig?.effort, effort)) return view;
  return viewRequest(view.operation, { ...view.input, outputConfig: { ...outputConfig, effort } });
}

/** The request with stop sequences; the same view where it has its own. */
export function withStopSequences(
  view: RequestView,
  stopSequences: readonly string[] | undefined,
): RequestView {
  const { inferenceConfig } = view.input as ShapedInput;
  if (stopSequences === undefined || stopSequences.length === 0 || view.dialect !== 'converse') return view;
  if ((inferenceConfig?.stopSequences ?? []).length > 0 || view.pinned.has('maxTokens')) return view;
  return viewRequest(view.operation, {
    ...view.input,
    inferenceConfig: { ...inferenceConfig, stopSequences: [...stopSequences] },
  });
}
