import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import type { LocalBedrockOptions, ManualClock } from '@costkit/local';
import type { CostkitConfig } from 'costkit';
import type { CallsAtOnce } from './calls-at-once.js';

/** One level of the waterfall: what is wrapped around the client from here on. */
export interface DemoStep {
  readonly name: string;
  /** `undefined`: the bare client. */
  readonly config: CostkitConfig | undefined;
  /** Whether the calls that can wait go through batch inference. */
  readonly batch: boolean;
}

/** Right answers, of how many. */
export interface Quality {
  readonly right: number;
  readonly of: number;
  /** Right results of the bulk job, where there is one. */
  readonly bulk?: { readonly right: number; readonly of: number };
}

/** What an application's run has at hand. */
interface RunContext {
  readonly client: BedrockRuntimeClient;
  readonly clock: ManualClock;
  /** Whether calls go through a batch job: those that can wait are then to be sent all at once. */
  readonly batch: boolean;
  /**
   * Makes calls at once, as `Promise.all` would, but in an order that is the same on every machine. Time passes while
   * they wait for a batch job; the `feature` tag of those that can wait is the scenario's `waitingFeature`.
   */
  readonly atOnce: CallsAtOnce['make'];
}

/** An application, its Bedrock, and the levers to be put around it one after another. */
export interface Scenario {
  readonly startMs: number;
  readonly bedrock: Omit<LocalBedrockOptions, 'clock'>;
  /** Value of the `feature` tag of calls that can wait. */
  readonly waitingFeature: string;
  readonly steps: readonly [DemoStep, ...DemoStep[]];
  /** Runs the application once; `undefined` when nobody knows the right answers. */
  run(context: RunContext): Promise<Quality | undefined>;
}
