import type { Attempt, Call, Decision, FitPlan, HoldOut, Lever, RequestView } from '@costkit/core';
import { estimatedTokens, Money } from '@costkit/core';
import type { PriceQuery, ResolvedModel } from '@costkit/pricing';
import { type AnswerHistory, type AnswerRecord, createAnswerHistory } from './answer-history.js';
import type { CallLimits } from './call-limits.js';
import { type CapChoice, chooseCap, MORE_ROOM } from './choose-cap.js';
import { isCut } from './is-cut.js';
import { LEVER } from './lever-name.js';
import type { OutputLimitSettings } from './output-limit-options.js';
import { resolveFor } from './resolve-for.js';
import { withEffort, withStopSequences } from './shape-answer.js';
import type { ThrottledModels } from './throttled-models.js';
import { tierRates } from './tier-rates.js';

const LEFT_ALONE = 'left alone';

/** Held-out answers of a task before its calls are compared with them. */
const MIN_HELD_OUT = 20;

/** What the lever needs besides its settings. */
export interface LimitLeverParts {
  readonly limitsOf: (call: Call) => CallLimits;
  readonly holdOut: HoldOut;
  readonly throttled: ThrottledModels;
}

/**
 * The lever that sets caps and asks for brevity: slot `fit`, behind the cache plan, for the model that was
 * chosen. It learns from every settled attempt.
 */
export function limitLever(
  settings: OutputLimitSettings,
  { limitsOf, holdOut, throttled }: LimitLeverParts,
): Lever {
  const { mode } = settings;
  const history: AnswerHistory = createAnswerHistory();
  const taskOf = (call: Call): string => call.tags[settings.taskTag] ?? '';
  // No model id has a space in it, so that no two pairs share a key.
  const keyOf = (call: Call, modelId: string, resolved: ResolvedModel | undefined): string =>
    `${resolved?.model.id ?? modelId} ${taskOf(call)}`;
  const decision = (action: string, reason: string, estimatedSaving?: Money): Decision => {
    const decided: { -readonly [Member in keyof Decision]: Decision[Member] } = {
      lever: LEVER,
      mode,
      action: mode === 'observe' && action !== LEFT_ALONE ? `would have ${action}` : action,
      reason,
    };
    if (estimatedSaving !== undefined) decided.estimatedSaving = estimatedSaving;
    return decided;
  };

  /** Saved output tokens in money, less input that is read once more, where the model has prices. */
  const worth = (
    tokens: number,
    repeated: number,
    { tier, cachePoints }: RequestView,
    call: Call,
    resolved: ResolvedModel,
  ): Money | undefined => {
    const query: { -readonly [Member in keyof PriceQuery]: PriceQuery[Member] } = {
      model: resolved,
      at: call.startedAt,
    };
    if (call.priceOverrides.length > 0) query.overrides = call.priceOverrides;
    if (call.region !== undefined) query.region = call.region;
    const { output, input = 0, cacheRead = input } = tierRates(query, tier) ?? {};
    const read = cachePoints.length > 0 ? cacheRead : input;
    return output === undefined
      ? undefined
      : Money.fromPicoUsd(Math.round(tokens * output - repeated * read));
  };

  const isRepaired = ({ operation }: Call): boolean =>
    settings.repair && operation !== 'InvokeModelWithResponseStream';

  const capFor = (
    view: RequestView,
    call: Call,
    resolved: ResolvedModel,
    seen: AnswerRecord,
  ): CapChoice | undefined => {
    const { thinking, outputBurndown } = resolved.model.capabilities;
    const thinks = view.features.thinking !== false && (thinking === 'default' || thinking === 'always');
    const task = taskOf(call);
    return chooseCap({
      taskCap: Object.hasOwn(settings.caps, task) ? settings.caps[task] : undefined,
      defaultCap: settings.maxTokens,
      seen: settings.learn ? seen.limited : undefined,
      callerCap: view.maxTokens,
      modelMaximum: resolved.model.maxOutputTokens,
      thinkingTokens: thinks ? settings.thinkingTokens : 0,
      quota: {
        burndown: outputBurndown,
        scarce: throttled.has(view.modelId, call.clock.now()),
        inputTokens: () => estimatedTokens(view, call).total,
      },
    });
  };

  const planCap = (
    view: RequestView,
    call: Call,
    limits: CallLimits,
    resolved: ResolvedModel,
    seen: AnswerRecord,
  ): FitPlan => {
    const choice = capFor(view, call, resolved, seen);
    if (choice === undefined) return { view, decisions: [] };
    const pinned =
      view.features.thinking === true
        ? 'the request sets its own thinking, whose budget must fit under the cap'
        : view.pinned.get('maxTokens');
    if (pinned !== undefined)
      return { view, decisions: [decision(LEFT_ALONE, `No cap was set: ${pinned}.`)] };
    const capped = view.withMaxTokens(choice.maxTokens);
    if (capped === view) return { view, decisions: [] };
    if (mode === 'enforce') {
      limits.cap = choice.maxTokens;
      limits.callerCap = view.maxTokens;
    }
    // What a cap cuts off, a repair writes all the same, as far as it has room.
    const repaired = isRepaired(call);
    const most = choice.maxTokens * (repaired ? 1 + MORE_ROOM : 1);
    const saved = measuredSaving(seen) ?? (seen.limited.count > 0 ? seen.limited.meanAbove(most) : undefined);
    const share = repaired ? seen.limited.shareReaching(choice.maxTokens) : 0;
    // It reads the request once more, and what was written of the answer.
    const repeated = share === 0 ? 0 : share * (estimatedTokens(view, call).total + choice.maxTokens);
    const saving = saved === undefined ? undefined : worth(saved, repeated, view, call, resolved);
    return {
      view: capped,
      decisions: [decision(`capped the answer at ${choice.maxTokens} tokens`, choice.reason, saving)],
    };
  };

  const addBrevity = ({ view, decisions }: FitPlan, call: Call): FitPlan => {
    const instruction = settings.brevityFor(taskOf(call));
    if (instruction === undefined) return { view, decisions };
    const { structuredOutput, toolLoop } = view.features;
    const pinned = structuredOutput
      ? 'the answer follows a schema'
      : toolLoop
        ? 'the model is in the middle of a tool loop'
        : view.pinned.get('messages');
    const asked = pinned === undefined ? view.withInstruction(instruction) : view;
    // The instruction stands behind a question. Alone in its message it would be the question, and be answered.
    const standsAlone = asked.blocks.at(-1)?.messageIndex !== view.blocks.at(-1)?.messageIndex;
    if (asked === view || standsAlone) return { view, decisions };
    return {
      view: asked,
      decisions: [
        ...decisions,
        decision('asked for brevity', 'An instruction behind every cache point asks for a brief answer.'),
      ],
    };
  };

  /** Less thinking and an end that is known: both leave what is cached as it is. */
  const shapeAnswer = ({ view, decisions }: FitPlan, call: Call, resolved: ResolvedModel): FitPlan => {
    const task = taskOf(call);
    const { effort, stopSequences } = settings;
    const calmer = withEffort(view, Object.hasOwn(effort, task) ? effort[task] : undefined, resolved);
    const shaped = withStopSequences(
      calmer,
      Object.hasOwn(stopSequences, task) ? stopSequences[task] : undefined,
    );
    if (shaped === view) return { view, decisions };
    const made = [...decisions];
    if (calmer !== view)
      made.push(decision(`lowered the effort to ${effort[task]}`, 'The task does not need more thinking.'));
    if (shaped !== calmer)
      made.push(decision('set stop sequences', 'The answer of the task is known to end there.'));
    return { view: shaped, decisions: made };
  };

  return {
    name: LEVER,
    slot: 'fit',
    mode,
    fit: (view, call, purpose) => {
      // A judge of a draft or the writer of a summary has a cap of its own, and its answer is not the caller's.
      if (purpose === 'check') return undefined;
      const limits = limitsOf(call);
      if (limits.repair !== undefined) {
        const capped = { view: view.withMaxTokens(limits.repair.maxTokens), decisions: [] };
        const asked = limits.repair.asksAnew ? addBrevity(capped, call) : capped;
        const known = resolveFor(call, view.modelId);
        // The rest of an answer ends where the whole would, and is thought about no more.
        return {
          view: (known === undefined ? asked : shapeAnswer(asked, call, known)).view,
          decisions: [],
        };
      }
      limits.cap = undefined;
      limits.modelId = view.modelId;
      if (mode === 'enforce' && holdOut.includes(call)) {
        limits.heldOut = true;
        return {
          view,
          decisions: [decision('held out', 'This call is in the share that measures what the others save.')],
        };
      }
      const resolved = resolveFor(call, view.modelId);
      if (resolved === undefined) {
        return { view, decisions: [decision(LEFT_ALONE, 'The model is not in the catalogue.')] };
      }
      const seen = history.get(keyOf(call, view.modelId, resolved));
      const plan = shapeAnswer(addBrevity(planCap(view, call, limits, resolved, seen), call), call, resolved);
      // Only where something was done: the answer of an untouched request is its own baseline.
      if (mode === 'enforce' && plan.view !== view && seen.heldOut.count >= MIN_HELD_OUT) {
        call.counterfactual.outputTokens = Math.round(seen.heldOut.mean);
      }
      return plan;
    },
    onAttempt: (attempt, _view, call) => {
      const { purpose } = attempt;
      if (purpose === 'check' || !isFinished(attempt)) return;
      const key = keyOf(call, attempt.modelId, resolveFor(call, attempt.modelId));
      if (purpose === 'repair') {
        history.lengthen(key, attempt.usage.output);
        return;
      }
      const { heldOut, cap } = limitsOf(call);
      const cutBy = !isCut(attempt.stopReason) ? undefined : cap === undefined ? 'request' : 'limiter';
      history.add(key, attempt.usage.output, { heldOut, cutBy });
      if (cutBy === 'limiter' && settings.repair && !isRepaired(call)) {
        const reason = `The answer reached our cap of ${cap} tokens; streams of InvokeModel are not repaired.`;
        call.decide({ lever: LEVER, mode, action: 'left cut', reason });
      }
    },
  };
}

/** Output tokens that a call saves, as the hold-out shows; `undefined` until it has seen enough. */
function measuredSaving({ limited, heldOut }: AnswerRecord): number | undefined {
  return heldOut.count >= MIN_HELD_OUT && limited.count > 0 ? heldOut.mean - limited.mean : undefined;
}

/** Whether an attempt says how long an answer is: not when it failed, broke off or was never counted. */
function isFinished({ error, complete, quality, usage }: Attempt): boolean {
  return error === undefined && complete && quality === 'measured' && usage.output > 0;
}
