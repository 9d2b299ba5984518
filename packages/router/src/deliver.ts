import type { Call, CallOutput, NextCall, NextCallOptions, RequestView } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import type { CatalogueModel, Money } from '@costkit/pricing';
import { chooseTier, type Surroundings } from './choose-tier.js';
import type { CompiledOptions } from './compile-options.js';
import { estimateCost } from './estimate-cost.js';
import { createHealth, type Health, saysOutOfService } from './health.js';
import { errorName, isRecoverable } from './refusals.js';
import { isLatencyOptimized } from './request-needs.js';
import { READING } from './request-reading.js';
import { modelText } from './route-plan.js';
import { sendWatched } from './send-watched.js';

/** Reserved capacity that was full is full again soon: one refusal is enough, and it is tried again after a second. */
const SATURATED_MS = 1_000;

/** One way by which a request may be answered. */
interface Way {
  readonly view: RequestView;
  /** Under which name its health is known. */
  readonly target: string;
  readonly health: Health;
  /** For the receipt; `undefined`: the request as it was planned. */
  readonly told?: { readonly action: string; readonly reason: string; readonly saving?: Money };
}

/** Told what was done. */
export type TellDelivery = (action: string, reason: string, saving: Money | undefined) => void;

/** A request on its way to a model. */
export interface Parcel {
  /** As it came to the router. */
  readonly asked: RequestView;
  /** As it was planned: on the model that was chosen. */
  readonly view: RequestView;
  readonly call: Call;
}

/** Sends requests by the ways that the options open: reserved capacity, flex, failover. */
export interface Delivery {
  /** @throws the error of the first way that was refused, where none is left. */
  send(parcel: Parcel, next: NextCall, tell: TellDelivery, options?: NextCallOptions): Promise<CallOutput>;
  /** What {@link send} would try first, where that is not the request as it is. */
  firstWay(parcel: Parcel): Way['told'] | undefined;
  /**
   * Sends a request as it is, and says which tier would have answered where the model does not.
   *
   * @throws what it throws.
   */
  watch(view: RequestView, call: Call, next: NextCall, tell: TellDelivery): Promise<CallOutput>;
}

const BESIDE_THE_ANSWER: ReadonlySet<NextCallOptions['purpose']> = new Set(['draft', 'check']);

/** Whether the call leaves it to us how it is served. */
const isOpen = (view: RequestView): boolean =>
  (view.tier === undefined || view.tier === 'default' || view.tier === 'standard') &&
  !isLatencyOptimized(view);

/** The same request at the flex tier, or `undefined` where its format has no place for one. */
function asFlex(view: RequestView): RequestView | undefined {
  const serviceTier = view.dialect === 'converse' ? { type: 'flex' } : 'flex';
  const flexed = viewRequest(view.operation, { ...view.input, serviceTier });
  return flexed.dialect === view.dialect && flexed.tier === 'flex' ? flexed : undefined;
}

/** Makes what sends requests by more than one way. */
export function createDelivery(options: CompiledOptions, surroundings: Surroundings): Delivery {
  const { tiers, canWait, failover } = options;
  const { health, history, refusals } = surroundings;
  const capacity = createHealth(1, SATURATED_MS);

  const costOfView = (view: RequestView, call: Call): Money | undefined => {
    const resolved = call.resolve(view.modelId);
    if (resolved === undefined) return undefined;
    const outputTokens = history.expectedOutputTokens(view, call, resolved.model.id);
    const warm = history.warmTokens(resolved.model.id, call);
    const warmTokens = Math.max(warm.conversation, warm.shared);
    return estimateCost({ view, outputTokens, warmTokens }, resolved, call);
  };
  const savingOf = (from: RequestView, to: RequestView, call: Call): { saving?: Money } => {
    const [was, is] = [costOfView(from, call), costOfView(to, call)];
    return was === undefined || is === undefined ? {} : { saving: was.minus(is) };
  };

  /** Whether a way beside the request's own was full a moment ago, or lately refused what it was sent. */
  const isClosed = (target: string, call: Call): boolean =>
    refusals.recent(target, call) !== undefined ||
    capacity.reasonToAvoid(target, call.clock.now()) !== undefined;

  const provisionedWay = (view: RequestView, model: CatalogueModel, call: Call): Way | undefined => {
    const tier = tiers.find((one) => one.provisioned !== undefined && one.resolved.model === model);
    const arn = tier?.provisioned;
    if (tier === undefined || arn === undefined || view.modelId === arn || !isOpen(view)) return undefined;
    const behind = call.resolve(arn);
    // Data stays in the Region that the caller's client is in, and the ARN must stand for this very model.
    if (behind?.model !== model || behind.billing !== 'provisioned' || arn.split(':')[3] !== call.region)
      return undefined;
    if (isClosed(arn, call)) return undefined;
    const reserved = view.withModel(arn);
    const reason = `Tier "${tier.name}" has reserved capacity for ${model.id}, whose hours are paid whether or not it is used.`;
    const told = { action: 'sent to reserved capacity', reason, ...savingOf(view, reserved, call) };
    return { view: reserved, target: arn, health: capacity, told };
  };

  const flexWay = (view: RequestView, model: CatalogueModel, call: Call): Way | undefined => {
    if (canWait?.(view, call, READING) !== true || !isOpen(view)) return undefined;
    const target = `${view.modelId} flex`;
    if (!model.capabilities.tiers.includes('flex') || isClosed(target, call)) return undefined;
    const flexed = asFlex(view);
    if (flexed === undefined) return undefined;
    const reason = `The call can wait, and ${model.id} has a flex tier.`;
    const told = { action: 'sent at the flex tier', reason, ...savingOf(view, flexed, call) };
    return { view: flexed, target, health: capacity, told };
  };

  /** Other models, in the user's order, for the request as it was asked. */
  function* failoverWays({ asked, view, call }: Parcel, why: () => string): Generator<Way> {
    // A draft may have been added to it since; what was fitted to another model is not handed on.
    const base = view.modelId === asked.modelId ? view : asked;
    const requested = base.pinned.has('model') ? undefined : call.resolve(base.modelId);
    const planned = call.resolve(view.modelId)?.model;
    if (requested === undefined) return;
    for (const tier of failover) {
      if (tier.resolved.model === planned || tier.resolved.model === requested.model) continue;
      const chosen = chooseTier({
        surroundings,
        tiers: [tier],
        view: base,
        call,
        requested,
        force: true,
      });
      if ('obstacle' in chosen) continue;
      const reason = `${view.modelId} ${why()}, so ${modelText(chosen)} answers, by the order of failover.`;
      const told = { action: `failed over to ${tier.name}`, reason, ...savingOf(view, chosen.view, call) };
      yield { view: chosen.view, target: chosen.view.modelId, health, told };
    }
  }

  function* ways(parcel: Parcel, failsOver: boolean, lastError: () => unknown): Generator<Way> {
    const { asked, view, call } = parcel;
    const model = call.resolve(view.modelId)?.model;
    if (model !== undefined) {
      const provisioned = provisionedWay(view, model, call);
      if (provisioned !== undefined) yield provisioned;
      const flex = flexWay(view, model, call);
      if (flex !== undefined) yield flex;
    }
    const own: Way = { view, target: view.modelId, health };
    // Who chose another model has asked for its health, and may be the one call that tries it.
    const mayBeOut = failsOver && failover.length > 0 && view.modelId === asked.modelId;
    const avoided = mayBeOut ? health.reasonToAvoid(view.modelId, call.clock.now()) : undefined;
    if (avoided === undefined) yield own;
    if (failsOver) yield* failoverWays(parcel, () => avoided ?? `did not answer (${errorName(lastError())})`);
    // Nobody else could answer: then even a model that was out of service is asked.
    if (avoided !== undefined) yield own;
  }

  return {
    watch: async (view, call, next, tell) => {
      try {
        return await sendWatched(health, { view, call }, next);
      } catch (error) {
        const name = errorName(error);
        if (!isRecoverable(error, call) || !saysOutOfService(name)) throw error;
        const [way] = failoverWays({ asked: view, view, call }, () => `did not answer (${name})`);
        if (way?.told !== undefined) tell(`would have ${way.told.action}`, way.told.reason, way.told.saving);
        throw error;
      }
    },
    firstWay: (parcel) => ways(parcel, true, () => undefined).next().value?.told,
    send: async (parcel, next, tell, nextOptions) => {
      const { call } = parcel;
      // Who drafts and who judges is the cascade's to say; a model that does not answer is no reason to ask a third.
      const failsOver = !BESIDE_THE_ANSWER.has(nextOptions?.purpose);
      let refused: { readonly error: unknown } | undefined;
      const closed: { readonly target: string; readonly error: unknown }[] = [];
      for (const way of ways(parcel, failsOver, () => refused?.error)) {
        try {
          const answer = await next(way.view, nextOptions);
          way.health.answered(way.target);
          for (const { target, error } of closed) refusals.note(target, error, call);
          if (way.told !== undefined) tell(way.told.action, way.told.reason, way.told.saving);
          return answer;
        } catch (error) {
          const name = errorName(error);
          const isRefusal = isRecoverable(error, call);
          if (isRefusal && saysOutOfService(name)) {
            way.health.failed(way.target, name, call.clock.now());
            refused ??= { error };
            // What was not asked for, as a reservation that has ended, must not fail what was.
          } else if (isRefusal && way.health === capacity) {
            closed.push({ target: way.target, error });
          } else throw error;
        }
      }
      throw refused?.error;
    },
  };
}
