import type { RequestView } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import type { Dialect, ResolvedModel } from '@costkit/pricing';
import { bodyOf, isMembers, type Members, withBody } from './invoke-body.js';
import type { Effort } from './output-limit-options.js';

/** Where a member stands in a request: its own name, or an object's and its own. */
type Place = readonly [string] | readonly [string, string];

/**
 * Where requests say how much the model thinks. Sources: Amazon Bedrock API reference (Converse `outputConfig`, assumed
 * to be taken by all models that think unless told not to), user guide (Anthropic Messages, `output_config`).
 */
const EFFORT_AT: { readonly [Format in 'converse' | Dialect]?: Place } = {
  converse: ['outputConfig', 'effort'],
  anthropic: ['output_config', 'effort'],
};

/** Where requests say at which texts an answer ends. Source: Amazon Bedrock user guide, inference parameters. */
const STOPS_AT: { readonly [Format in 'converse' | Dialect]?: Place } = {
  converse: ['inferenceConfig', 'stopSequences'],
  anthropic: ['stop_sequences'],
  nova: ['inferenceConfig', 'stopSequences'],
  'titan-text': ['textGenerationConfig', 'stopSequences'],
  'cohere-command': ['stop_sequences'],
  mistral: ['stop'],
  openai: ['stop'],
};

const EFFORTS: readonly string[] = ['low', 'medium', 'high', 'xhigh', 'max'];

/** Whether a request's own effort is above another; one that says nothing has the model's, which is at least medium. */
const isAbove = (own: unknown, effort: Effort): boolean =>
  EFFORTS.indexOf(typeof own === 'string' ? own : 'high') > EFFORTS.indexOf(effort);

/**
 * The request with less effort; the same view where that is not known to be accepted. A request that sets its own
 * thinking stays as it is.
 */
export function withEffort(
  view: RequestView,
  effort: Effort | undefined,
  { model }: Pick<ResolvedModel, 'model'>,
): RequestView {
  const place = EFFORT_AT[view.dialect];
  const thinks = model.capabilities.thinking === 'default' || model.capabilities.thinking === 'always';
  if (effort === undefined || place === undefined || !thinks) return view;
  if (view.features.thinking !== undefined || view.pinned.has('maxTokens')) return view;
  return edited(view, place, (own) => (isAbove(own, effort) ? effort : undefined));
}

/** The request with stop sequences; the same view where it has its own. */
export function withStopSequences(
  view: RequestView,
  stopSequences: readonly string[] | undefined,
): RequestView {
  const place = STOPS_AT[view.dialect];
  if (stopSequences === undefined || stopSequences.length === 0 || place === undefined) return view;
  if (view.pinned.has('maxTokens')) return view;
  return edited(view, place, (own) => (isNone(own) ? [...stopSequences] : undefined));
}

const isNone = (own: unknown): boolean =>
  own === undefined || own === null || (Array.isArray(own) && own.length === 0);

/** @param valueFor - what to write for what stands there; `undefined`: nothing. */
function edited(view: RequestView, place: Place, valueFor: (own: unknown) => unknown): RequestView {
  const isConverse = view.dialect === 'converse';
  const body = isConverse ? (view.input as Members) : bodyOf(view);
  const [outer, inner] = place;
  const value = valueFor(inner === undefined ? body[outer] : asMembers(body[outer])[inner]);
  if (value === undefined) return view;
  const written = {
    ...body,
    [outer]: inner === undefined ? value : { ...asMembers(body[outer]), [inner]: value },
  };
  return isConverse ? viewRequest(view.operation, written) : withBody(view, written);
}

const asMembers = (value: unknown): Members => (isMembers(value) ? value : {});
