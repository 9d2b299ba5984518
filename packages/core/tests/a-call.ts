import { CallState } from '../src/call-state.js';
import type { Lever } from '../src/lever.js';
import type { RequestView } from '../src/request-view.js';
import { type CoreSettings, DEFAULT_SETTINGS } from '../src/settings.js';
import { viewRequest } from '../src/view-request.js';

export const MODEL = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
export const OTHER_MODEL = 'us.amazon.nova-lite-v1:0';

/** 22 November 2026. */
export const NOW: number = Date.parse('2026-11-22T12:00:00Z');

/** A Converse request with one question, and what a test wants to be different. */
export function aView(more: Readonly<Record<string, unknown>> = {}): RequestView {
  return viewRequest('Converse', {
    modelId: MODEL,
    messages: [{ role: 'user', content: [{ text: 'Where is Paris?' }] }],
    ...more,
  });
}

/** A call as the receipt slot opens it, on a clock that stands still. */
export async function aCall(
  view: RequestView = aView(),
  settings: Partial<CoreSettings> = {},
  more: { readonly levers?: readonly Lever[]; readonly signal?: AbortSignal } = {},
): Promise<CallState> {
  const travel = {
    levers: more.levers ?? [],
    settings: {
      ...DEFAULT_SETTINGS,
      clock: { now: () => NOW, monotonicMs: () => 0 },
      region: () => Promise.resolve('us-east-1'),
      ...settings,
    },
  };
  return CallState.open(view, travel, more.signal);
}

/** Sends an answer of so many tokens through an attempt of the call. */
export function attempted(
  call: CallState,
  view: RequestView,
  usage: Readonly<Record<string, number>>,
  more: {
    readonly purpose?: 'answer' | 'draft' | 'check' | 'repair' | 'escalation';
    readonly output?: object;
    readonly text?: string;
  } = {},
): void {
  call.beginAttempt(view, more.purpose ?? 'answer', undefined).succeed({
    output: {
      output: { message: { role: 'assistant', content: [{ text: more.text ?? 'In France.' }] } },
      stopReason: more.purpose === 'check' ? 'tool_use' : 'end_turn',
      usage: { inputTokens: 0, outputTokens: 0, ...usage },
      ...more.output,
    },
  });
}
