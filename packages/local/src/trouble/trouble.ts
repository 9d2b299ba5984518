/** What goes wrong with a call. */
export type TroubleAction =
  /** Answers with an error instead of calling the model; nothing is billed. */
  | {
      readonly type: 'error';
      /** Error class, such as `ServiceUnavailableException`. */
      readonly code: string;
      readonly message?: string;
      /** @defaultValue the status of the error class */
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** 429 `Too many requests, please wait before trying again.` */
  | { readonly type: 'throttle'; readonly retryAfterSeconds?: number }
  /** Answers only after so much time on the server's clock. */
  | { readonly type: 'slow'; readonly ms: number }
  /** Never answers. */
  | { readonly type: 'hang' }
  /** Sends so many frames of a stream and then nothing more, with the connection open. */
  | { readonly type: 'stall'; readonly afterFrames: number }
  /** Breaks the connection after so many frames; without a stream, instead of answering. See `ConnectionDrop`. */
  | {
      readonly type: 'drop';
      readonly afterFrames?: number;
      /** @defaultValue `"connection"` */
      readonly how?: 'connection' | 'reset' | 'cancel';
    }
  /** Sends half of the frame after so many, and ends the stream. */
  | { readonly type: 'truncate'; readonly afterFrames: number }
  /** Sends an exception event after so many frames. */
  | {
      readonly type: 'exception';
      readonly afterFrames: number;
      /** Member of the stream's union. @defaultValue `"modelStreamErrorException"` */
      readonly name?: string;
      readonly message?: string;
    }
  /** Stops a batch job after so many records. */
  | { readonly type: 'stopBatchJob'; readonly afterRecords: number };

/** Every type of action. */
export const TROUBLE_TYPES: readonly TroubleAction['type'][] = [
  'error',
  'throttle',
  'slow',
  'hang',
  'stall',
  'drop',
  'truncate',
  'exception',
  'stopBatchJob',
];

/** The operation a batch job counts as while it runs. */
export const BATCH_JOB = 'ModelInvocationJob';
const INFERENCE_OPERATIONS = [
  'Converse',
  'ConverseStream',
  'InvokeModel',
  'InvokeModelWithResponseStream',
  'CountTokens',
];

/** A rule of the script: which calls meet which trouble. */
export interface TroubleRule {
  /**
   * Operation or operations it holds for, also of the control plane and S3, such as `CreateModelInvocationJob` or
   * `PutObject`. @defaultValue all inference operations; for `stopBatchJob` every batch job
   */
  readonly operation?: string | readonly string[];
  /** Model id as called or foundation-model id. @defaultValue all models */
  readonly modelId?: string;
  /** Which of the matching calls, counted from 1. @defaultValue all of them */
  readonly calls?: readonly number[];
  readonly action: TroubleAction;
}

/** A script of trouble while it is played. */
export interface TroubleScript {
  /** The trouble of this call, which it counts. */
  next(call: { readonly operation: string; readonly modelIds: readonly string[] }): TroubleAction | undefined;
  /** Adds a rule; its calls are counted from now on. */
  add(rule: TroubleRule): void;
}

/** Starts a script. The first rule that matches wins, but every rule counts the calls it matches. */
export function createTroubleScript(rules: readonly TroubleRule[]): TroubleScript {
  const counted = rules.map((rule) => ({ rule, calls: 0 }));
  return {
    next({ operation, modelIds }) {
      let action: TroubleAction | undefined;
      for (const entry of counted) {
        if (!matches(entry.rule, operation, modelIds)) continue;
        entry.calls += 1;
        if (entry.rule.calls === undefined || entry.rule.calls.includes(entry.calls))
          action ??= entry.rule.action;
      }
      return action;
    },
    add(rule) {
      counted.push({ rule, calls: 0 });
    },
  };
}

function matches(rule: TroubleRule, operation: string, modelIds: readonly string[]): boolean {
  const operations = typeof rule.operation === 'string' ? [rule.operation] : rule.operation;
  const byDefault = rule.action.type === 'stopBatchJob' ? [BATCH_JOB] : INFERENCE_OPERATIONS;
  if (!(operations ?? byDefault).includes(operation)) return false;
  return rule.modelId === undefined || modelIds.includes(rule.modelId);
}
