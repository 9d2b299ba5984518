import type { Call, ProfileMap, RequestView } from '@costkit/core';
import type { ResolvedModel } from '@costkit/pricing';
import { isSameTarget } from './target-model-id.js';

const APPLICATION_PROFILE = 'application-inference-profile';

/** A request on its way to another model. */
interface Move {
  readonly requested: ResolvedModel;
  /** The model or inference profile that is to be called instead. */
  readonly target: ResolvedModel;
  readonly call: Call;
  readonly profiles: ProfileMap | undefined;
}

/**
 * The id to send: where the caller asked for an application inference profile, the same owner's profile of the target,
 * because only a call through it carries the owner's cost tags.
 */
export function attributedModelId({ requested, target, call, profiles }: Move): string {
  if (requested.reference !== APPLICATION_PROFILE) return target.input;
  const arn = profiles?.counterpart(requested.input, target.input);
  const behind = arn === undefined ? undefined : call.resolve(arn);
  // Through a profile whose model nobody said, the call would have no price.
  return behind !== undefined && isSameTarget(behind, target) ? behind.input : target.input;
}

/**
 * What the receipt says of requests that leave the application inference profile that was asked for, and its cost tags
 * with it; empty where none does.
 *
 * @param sent - the requests that are sent instead, by what they are: `call`, `draft`.
 */
export function attributionText(
  asked: RequestView,
  sent: Readonly<Record<string, RequestView>>,
  call: Call,
): string {
  const isAttributed = ({ modelId }: RequestView): boolean =>
    call.resolve(modelId)?.reference === APPLICATION_PROFILE;
  if (!isAttributed(asked)) return '';
  const lost = Object.entries(sent).flatMap(([what, view]) => (isAttributed(view) ? [] : [`the ${what}`]));
  if (lost.length === 0) return '';
  const subject = lost.join(' and ').replace('the', 'The');
  return ` ${subject} ${lost.length === 1 ? 'is' : 'are'} not booked to its application inference profile.`;
}
