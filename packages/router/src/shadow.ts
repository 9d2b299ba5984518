import { type Call, type CallOutput, type RequestView, type ResponseView, withTags } from '@costkit/core';
import { readResponse, tapStream, viewRequest } from '@costkit/core/views';
import type { CompiledPolicy } from './compile-policy.js';
import { createDriftDetector, type DriftDetector, type DriftState } from './drift-detector.js';
import { errorName } from './refusals.js';
import type { Rollbacks } from './rollbacks.js';
import type { ShadowOptions } from './shadow-options.js';
import { streamAnswer } from './stream-answer.js';
import type { RouterWarning } from './types.js';

/** Value of the `feature` tag of every shadow request. */
const SHADOW_FEATURE = 'costkit-shadow';
const DEFAULT_MAX_LOSS = 0.05;
const DEFAULT_PAIRS_PER_FALSE_ALARM = 1_000;

/** A downgraded call, for its shadow. */
interface Downgraded {
  readonly task: string;
  readonly policy: CompiledPolicy;
  /** The caller's own request. */
  readonly view: RequestView;
  /** The request that was sent instead. */
  readonly sent: RequestView;
  readonly call: Call;
}

/** Has a downgraded call answered by the model asked for, too. */
export interface Shadow {
  /** For the receipt of a call that is shadowed. */
  readonly reason: string;
  /** @returns the answer for the caller: the same, or with a stream that is listened to. */
  follow(answer: CallOutput, downgraded: Downgraded): CallOutput;
  /** What was seen of the tasks of a policy. */
  drift(policy: CompiledPolicy): Iterable<readonly [task: string, state: DriftState]>;
  /** Goes on where another process has stopped, if it has seen more. */
  absorb(task: string, policy: CompiledPolicy, state: DriftState): void;
}

type StreamMember = { readonly stream?: AsyncIterable<object>; readonly body?: AsyncIterable<object> };

/**
 * Makes what sends shadow requests, has both answers compared, and rolls a task back that loses too much.
 *
 * @param exchange - tells other processes what was seen, and hears of them.
 */
export function createShadow(
  options: ShadowOptions,
  rollbacks: Rollbacks,
  warn: (warning: RouterWarning) => void,
  exchange: () => Promise<void>,
): Shadow {
  const { maxLoss = DEFAULT_MAX_LOSS, pairsPerFalseAlarm = DEFAULT_PAIRS_PER_FALSE_ALARM } = options;
  const detectors = new WeakMap<CompiledPolicy, Map<string, DriftDetector>>();

  const detectorOf = (task: string, policy: CompiledPolicy): DriftDetector => {
    const tasks = detectors.get(policy) ?? new Map<string, DriftDetector>();
    detectors.set(policy, tasks);
    const detector = tasks.get(task) ?? createDriftDetector(maxLoss, pairsPerFalseAlarm);
    tasks.set(task, detector);
    return detector;
  };

  let failing = false;

  /** What nobody can watch is not known to be safe: that is said once, until it works again. */
  const askOrWarn = async (downgraded: Downgraded): Promise<ResponseView | undefined> => {
    try {
      const strong = await ask(downgraded);
      failing = false;
      return strong;
    } catch (error) {
      if (!failing) {
        warn({
          code: 'COSTKIT_SHADOW_FAILED',
          message: `costkit router: the shadow of task "${downgraded.task}" was not answered (${errorName(error)}), so what the policy loses is not watched. Look at the option shadow.client.`,
        });
      }
      failing = true;
      return undefined;
    }
  };

  const ask = async ({ task, view }: Downgraded): Promise<ResponseView | undefined> => {
    const runtime = await import('@aws-sdk/client-bedrock-runtime');
    // A shadow is read by nobody while it comes: no stream, which batch jobs would refuse.
    const isConverse = view.dialect === 'converse';
    const operation = isConverse ? 'Converse' : 'InvokeModel';
    const { ConverseCommand, InvokeModelCommand } = runtime;
    const command = isConverse
      ? new ConverseCommand(view.input as ConstructorParameters<typeof ConverseCommand>[0])
      : new InvokeModelCommand(view.input as ConstructorParameters<typeof InvokeModelCommand>[0]);
    const output = (await withTags({ feature: SHADOW_FEATURE, task }, () =>
      options.client.send(command),
    )) as object;
    return readResponse(viewRequest(operation, view.input), { output });
  };

  const compare = async (cheap: ResponseView | undefined, downgraded: Downgraded): Promise<void> => {
    const { task, policy, view, call } = downgraded;
    if (cheap === undefined || rollbacks.of(task, policy) !== undefined) return;
    const strong = await askOrWarn(downgraded);
    if (strong === undefined) return;
    const loss = await options.loss({ task, cheap, strong, request: view, call });
    await exchange();
    if (!Number.isFinite(loss) || rollbacks.of(task, policy) !== undefined) return;
    const detector = detectorOf(task, policy);
    const rolledBack = detector.add(loss);
    const { count: pairs, mean: meanLoss } = detector;
    if (rolledBack) {
      const seen = `in ${pairs} shadowed calls it lost ${(100 * meanLoss).toFixed(1)} points on average, ${(100 * maxLoss).toFixed(1)} are allowed`;
      rollbacks.rollBack(task, policy, `the policy of ${policy.createdAt} was rolled back for it, ${seen}`);
      warn({
        code: 'COSTKIT_POLICY_ROLLED_BACK',
        message: `costkit router: task "${task}" goes back to the model that is asked for: ${seen}. Evaluate again.`,
      });
    }
    await exchange();
    options.onPair?.({ task, pairs, meanLoss, rolledBack });
  };

  // A shadow that fails leaves its pair out; the caller has the answer already.
  const compareQuietly = (cheap: ResponseView | undefined, downgraded: Downgraded): void => {
    compare(cheap, downgraded).catch(() => undefined);
  };

  return {
    reason: `The model asked for answers, too, as for ${(100 * options.share).toFixed(1)} % of what the policy moves down, so that its loss is known. That answer has a receipt of its own.`,
    drift: (policy) => [...(detectors.get(policy) ?? [])].map(([task, detector]) => [task, detector.state()]),
    absorb: (task, policy, state) => {
      if (state.count <= detectorOf(task, policy).count) return;
      detectors.get(policy)?.set(task, createDriftDetector(maxLoss, pairsPerFalseAlarm, state));
    },
    follow: (answer, downgraded) => {
      const { sent } = downgraded;
      if (!sent.streaming) {
        compareQuietly(answer.view, downgraded);
        return answer;
      }
      const { stream, body } = answer.output as StreamMember;
      const source = stream ?? body;
      if (source === undefined) return answer;
      const events: object[] = [];
      const tapped = tapStream(
        source,
        {
          onChunk: (event) => {
            events.push(event);
          },
          onEnd: ({ finished }) => {
            if (finished) compareQuietly(streamAnswer(sent, events, undefined), downgraded);
          },
        },
        // The tap of core below this one closes the connection.
        () => undefined,
      );
      const member = stream === undefined ? 'body' : 'stream';
      return {
        output: { ...answer.output, [member]: tapped },
        response: answer.response,
        view: undefined,
      };
    },
  };
}
