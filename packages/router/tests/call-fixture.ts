import { type Attempt, type Call, type Decision, NO_USAGE, type RequestView, type Tags } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { resolveModel } from '@costkit/pricing';

/** 22 November 2026. */
export const NOW = Date.parse('2026-11-22T12:00:00Z');

export const OPUS = 'us.anthropic.claude-opus-5-5';
export const SONNET = 'us.anthropic.claude-sonnet-5-5';
export const HAIKU = 'us.anthropic.claude-haiku-5-5';

/** A Converse request with one question, and what a test wants to be different. */
export function converseView(overrides: Readonly<Record<string, unknown>> = {}): RequestView {
  return viewRequest('Converse', {
    modelId: OPUS,
    messages: [{ role: 'user', content: [{ text: 'Where is my parcel?' }] }],
    ...overrides,
  });
}

/** A document whose pages can be counted. */
export const pdfOf = (pages: number): object => ({
  document: {
    format: 'pdf',
    name: 'd',
    source: { bytes: Buffer.from(`%PDF-1.7\n${'<< /Type /Page >>\n'.repeat(pages)}`) },
  },
});

/** An InvokeModel request with a JSON body. */
export function invokeView(body: object, modelId: string = OPUS): RequestView {
  return viewRequest('InvokeModel', { modelId, body: JSON.stringify(body) });
}

export const anthropicBody = (
  overrides: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> => ({
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Where is my parcel?' }],
  ...overrides,
});

/** A call whose clock a test can set, with the decisions that were written to it. */
export interface FakeCall extends Call {
  readonly decisions: Decision[];
  readonly attempts: Attempt[];
  nowMs: number;
}

export function fakeCall(view: RequestView, tags: Tags = {}, overrides: Partial<Call> = {}): FakeCall {
  const decisions: Decision[] = [];
  const call: FakeCall = {
    id: 'call-1',
    operation: view.operation,
    original: view,
    tags,
    startedAt: new Date(NOW),
    region: 'us-east-1',
    signal: undefined,
    nowMs: NOW,
    clock: { now: (): number => call.nowMs, monotonicMs: (): number => call.nowMs - NOW },
    priceOverrides: [],
    resolve: resolveModel,
    attempts: [],
    decisions,
    decide: (decision: Decision) => {
      decisions.push(decision);
    },
    counterfactual: {},
    ...overrides,
  } as FakeCall;
  return call;
}

/** An attempt that ended well, and what a test wants to be different. */
export function attempt(
  overrides: Partial<Attempt> & { readonly tokens?: Partial<Attempt['usage']> } = {},
): Attempt {
  const { tokens, ...rest } = overrides;
  return {
    purpose: 'answer',
    modelId: OPUS,
    servedModel: 'anthropic.claude-opus-5-5',
    scope: 'geo:us',
    region: 'us-east-1',
    mode: 'standard',
    startedAt: new Date(NOW),
    latencyMs: 10,
    usage: { ...NO_USAGE, ...tokens },
    cost: undefined,
    quality: 'measured',
    complete: true,
    ...rest,
  };
}
