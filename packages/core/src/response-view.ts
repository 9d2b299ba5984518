import type { Usage } from '@costkit/pricing';

/** A tool call in an answer. */
export interface ToolUse {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

/** What a whole (not streamed) response says, whatever its body looks like. */
export interface ResponseView {
  readonly text: string;
  readonly toolUses: readonly ToolUse[];
  readonly stopReason: string | undefined;
  /** `undefined`: the service reported no usage. */
  readonly usage: Usage | undefined;
  /** What was served, where the response says so: `default`, `flex`, … */
  readonly tier: string | undefined;
  readonly latencyMode: string | undefined;
  /** The model that a prompt router chose. */
  readonly invokedModelId: string | undefined;
  /** The SDK output with another text in place of the answer's own; used to join a repaired answer. */
  withText(text: string, stopReason: string): object;
}
