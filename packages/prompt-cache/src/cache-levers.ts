import {
  type Call,
  estimatedTokens,
  type FitPlan,
  type Lever,
  perCall,
  type RequestView,
} from '@costkit/core';
import { LEVER_NAME, SKETCH_SLOTS } from './constants.js';
import { forecastReuse } from './forecast-reuse.js';
import { createTextHash, noPrompt } from './hash-prefixes.js';
import { createParallelWrites } from './parallel-writes.js';
import { planView, type ViewPlan, withoutPointsFrom } from './plan-view.js';
import { createPrefixSketch } from './prefix-sketch.js';
import { createPrefixTable, forgetCached, markCached, type PrefixEntry } from './prefix-table.js';
import { createRefusals, type Refusal, refusedPart } from './refusals.js';
import { learnFromUsage, type SentRequest, sentRequest } from './sent-request.js';
import { storedState } from './stored-state.js';
import type { PromptCacheSettings } from './types.js';

/** The two levers of a client: they share what the client has sent. */
export interface CacheLevers {
  /** Sends a request once more, without our points, where the service refuses them. */
  readonly repair: Lever;
  /** Places the points. */
  readonly place: Lever;
}

interface OnItsWay {
  sent: SentRequest | undefined;
  planned: ViewPlan | undefined;
  /** The service refused points: the call goes on without any. */
  repaired: boolean;
}

const ALL_REFUSED: ReadonlySet<Refusal> = new Set(['all']);

const REFUSED: Readonly<Record<Refusal, string>> = {
  all: 'any',
  tools: 'in tools',
  system: 'in the system prompt',
  messages: 'in messages',
  '1h': 'its lifetime',
};

/** Makes the levers, for options that were checked when the plugin was built. */
export function createCacheLevers({
  mode,
  expectReuse,
  ttl,
  maxPrefixes,
  rules,
  store,
  storeKey,
  maxWaitMs,
  telemetry,
}: PromptCacheSettings): CacheLevers {
  const table = createPrefixTable(maxPrefixes);
  const sketch = createPrefixSketch(SKETCH_SLOTS);
  const hashText = createTextHash();
  const lastPrompt = noPrompt();
  const refusals = createRefusals();
  const parallel = createParallelWrites(maxWaitMs);
  const stored =
    store === undefined
      ? undefined
      : storedState(store, storeKey, table, ({ key, lastSeenAt }) => {
          sketch.see(key, lastSeenAt);
          sketch.mark(key);
        });
  /** What is on its way for a call, until its attempt is settled. */
  const onTheirWay = perCall((): OnItsWay => ({ sent: undefined, planned: undefined, repaired: false }));

  const plan = (view: RequestView, call: Call): FitPlan | Promise<FitPlan> => {
    const { region } = call;
    const now = call.clock.now();
    const planned = planView(view, {
      mode,
      modelId: view.modelId,
      // Knows the models behind ARNs that do not name theirs, by the map that the caller gave.
      resolved: call.resolve(view.modelId),
      ttl,
      rules,
      estimate: estimatedTokens(view, call),
      region,
      priceOverrides: call.priceOverrides,
      modelChanged: view.modelId !== call.original.modelId,
      withoutPrices: expectReuse,
      refused: onTheirWay(call).repaired ? ALL_REFUSED : refusals.of(view.modelId, now),
      forecast: (places) =>
        forecastReuse(view, places, { table, sketch, hashText, lastPrompt, region, now, expectReuse }),
    });
    const advice =
      mode === 'enforce' && !expectReuse && planned.prices !== undefined
        ? parallel.advise(view.modelId, planned.choice, planned.prices, now)
        : undefined;
    if (advice === undefined) return send(view, planned, call);
    const { from, waitMs } = advice;
    const { entry } = planned.choice.points[from] as { readonly entry: PrefixEntry };
    return waitMs === undefined
      ? send(view, withoutPointsFrom(view, planned, from), call)
      : parallel.wait(entry, waitMs, call.signal).then(() => send(view, planned, call));
  };

  /** The plan is carried out: what it writes is expected to be there. */
  const send = (view: RequestView, planned: ViewPlan, call: Call): FitPlan => {
    const now = call.clock.now();
    const sent = sentRequest(view.modelId, planned.choice, now);
    onTheirWay(call).planned = planned;
    if (mode === 'enforce') parallel.begin(sent, now);
    for (const { entry, ttl: lifetime } of sent.points) markCached(entry, now, lifetime);
    // What observes sends no points, so that nothing can be said of them later.
    onTheirWay(call).sent = mode === 'enforce' ? sent : { ...sent, points: [], expectedRead: undefined };
    if (mode === 'enforce' && sent.points.length > 0 && call.original.cachePoints.length === 0) {
      call.counterfactual.cachePointsAreOurs = true;
    }
    return { view: planned.view, decisions: [planned.decision] };
  };

  const place: Lever = {
    name: LEVER_NAME,
    slot: 'fit',
    mode,
    fit: (view, call) => {
      // Once, at the beginning of a process.
      const loading = stored?.ready();
      return loading === undefined ? plan(view, call) : loading.then(() => plan(view, call));
    },
    onAttempt: (attempt, _view, call) => {
      const way = onTheirWay(call);
      const { sent } = way;
      if (sent === undefined || sent.modelId !== attempt.modelId) return;
      way.sent = undefined;
      parallel.end(sent);
      if (attempt.mode === 'batch') {
        // A batch job took it instead, which has no prompt cache: nothing was written, and nothing is learned.
        for (const { entry } of sent.points) forgetCached(entry);
        return;
      }
      if (attempt.error === undefined)
        parallel.learn(sent.modelId, attempt.firstChunkMs ?? attempt.latencyMs);
      if (attempt.quality === 'measured') {
        learnFromUsage(sent, attempt.usage, call.clock.now());
        const { prices, choice } = way.planned ?? {};
        const first = sent.points[0];
        if (telemetry !== undefined && first !== undefined && prices !== undefined) {
          const { key } = first.entry;
          const expectedPicoUsd = choice?.savedNow ?? 0;
          telemetry.add({ key, modelId: sent.modelId, usage: attempt.usage, prices, expectedPicoUsd });
        }
      }
      stored?.learned(call.clock.now());
    },
  };

  // The service has the last word: what it refuses for a point of ours is sent once more without.
  const repair: Lever = {
    name: LEVER_NAME,
    slot: 'route',
    mode,
    recover: async (error, view, call, next) => {
      const { sent } = onTheirWay(call);
      if (sent === undefined || sent.points.length === 0) throw error;
      parallel.end(sent);
      // Whatever stopped the request, a budget included: what was not answered is in no cache.
      for (const { entry } of sent.points) forgetCached(entry);
      const part = refusedPart(error);
      if (part === undefined) throw error;
      const refusal = sent.points.some(({ section, ttl }) => part === section || part === ttl) ? part : 'all';
      onTheirWay(call).repaired = true;
      delete call.counterfactual.cachePointsAreOurs;
      call.decide({
        lever: LEVER_NAME,
        mode,
        action: 'repaired',
        reason: `The service refused a cache point (${REFUSED[refusal]}); the request was sent again without the points of this lever.`,
      });
      const remember = (): void => refusals.remember(sent.modelId, refusal, call.clock.now());
      try {
        const answer = await next(view);
        remember();
        return answer;
      } catch (second) {
        // Refused without ours too: it was about the caller's own, and says nothing of the model.
        if (refusedPart(second) === undefined) remember();
        throw second;
      }
    },
  };

  return { repair, place };
}
