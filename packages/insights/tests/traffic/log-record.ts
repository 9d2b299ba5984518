/** A call as Bedrock's invocation log has it; `at` in milliseconds since 1970. */
export interface LoggedCall {
  readonly at: number;
  readonly modelId: string;
  readonly feature: string | undefined;
  readonly operation?: 'Converse' | 'ConverseStream' | 'InvokeModel' | 'InvokeModelWithResponseStream';
  readonly body: object;
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  /** How long the write lives. */
  readonly ttl?: '5m' | '1h';
  readonly role?: string;
  readonly region?: string;
  readonly account?: string;
}

export const ACCOUNT = '123456789012';

/** One record in the format of the user guide (model-invocation-logging), schema version 1.0. */
export function logRecord(call: LoggedCall, requestId: string): object {
  const {
    at,
    modelId,
    feature,
    operation = 'Converse',
    body,
    input,
    output,
    cacheRead,
    cacheWrite,
    ttl,
  } = call;
  const { role = 'app', region = 'us-east-1', account = ACCOUNT } = call;
  const isCached = (cacheRead ?? 0) + (cacheWrite ?? 0) > 0;
  return {
    timestamp: new Date(at).toISOString().replace(/\.\d+Z$/, 'Z'),
    accountId: account,
    identity: { arn: `arn:aws:sts::${account}:assumed-role/${role}/session` },
    region,
    requestId,
    operation,
    modelId,
    ...(feature === undefined ? {} : { requestMetadata: { feature, team: role } }),
    input: {
      inputContentType: 'application/json',
      inputBodyJson: body,
      inputTokenCount: input,
      ...(isCached
        ? { cacheReadInputTokenCount: cacheRead ?? 0, cacheWriteInputTokenCount: cacheWrite ?? 0 }
        : {}),
    },
    output: {
      outputContentType: 'application/json',
      outputBodyJson: {
        stopReason: 'end_turn',
        usage: {
          inputTokens: input,
          outputTokens: output,
          totalTokens: input + output + (cacheRead ?? 0) + (cacheWrite ?? 0),
          ...(isCached
            ? { cacheReadInputTokens: cacheRead ?? 0, cacheWriteInputTokens: cacheWrite ?? 0 }
            : {}),
          ...((cacheWrite ?? 0) > 0 ? { cacheDetails: [{ ttl: ttl ?? '5m', inputTokens: cacheWrite }] } : {}),
        },
        metrics: { latencyMs: 400 + output * 8 },
      },
      outputTokenCount: output,
    },
    schemaType: 'ModelInvocationLog',
    schemaVersion: '1.0',
  };
}
