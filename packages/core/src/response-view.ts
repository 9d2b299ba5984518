import type { Usage } from '@costkit/pricing';

/** A tool call in an answer. */
export interface ToolUse {
  /** The id that its result must name. */
  readonly id: string;
  /** The tool's name. */
  readonly name: string;
  /** Its input; JSON text where the family sends text. */
  readonly input: unknown;
}

/** What a whole (not streamed) response says, whatever its body looks like. */
export interface ResponseView {
  /** All text of the answer, joined. */
  readonly text: string;
  /** The tools it calls. */
  readonly toolUses: readonly ToolUse[];
  /** Why it ended, in the family's own word. */
  readonly stopReason: string | undefined;
  /** `undefined`: the service reported no usage. */
  readonly usage: Usage | undefined;
  /** What was served, where the response says so: `default`, `flex`, … */
  readonly tier: string | undefined;
  /** `optimized`, where that was served. */
  readonly latencyMode: string | undefined;
  /** The model that a prompt router chose. */
  readonly invokedModelId: string | undefined;
  /** The SDK output with another text in place of the answer's own; used to join a repaired answer. */
  withText(text: string, stopReason: string): object;
}
