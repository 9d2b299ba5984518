import { addUsage } from './add-usage.js';
import { isCut } from './is-cut.js';

/** An event of a ConverseStream, as far as it is read here. */
export interface ConverseEvent {
  readonly messageStart?: object;
  readonly contentBlockStart?: {
    readonly contentBlockIndex?: number;
    readonly start?: { readonly toolUse?: object };
  };
  readonly contentBlockDelta?: {
    readonly contentBlockIndex?: number;
    readonly delta?: { readonly text?: string; readonly toolUse?: object };
  };
  readonly contentBlockStop?: { readonly contentBlockIndex?: number };
  readonly messageStop?: { readonly stopReason?: string };
  readonly metadata?: {
    readonly usage?: { readonly outputTokens?: number } & object;
    readonly metrics?: object;
  };
}

/** The second stream of a cut answer. */
export interface Continuation {
  readonly stream: AsyncIterable<ConverseEvent>;
  /** Told the output tokens of the continuation, once they are known. */
  finished(outputTokens: number): void;
  /** Told what the stream threw: the answer then stays cut where that came. Throws it on if it must reach the reader. */
  failed(error: unknown): void;
}

/** Asks for the rest of a text; `undefined` leaves the answer cut. */
export type Resume = (text: string, outputTokens: number) => Promise<Continuation | undefined>;

/** What is known of the part that has passed. */
interface Passed {
  text: string;
  /** The text block that was written last. */
  block: number;
  toolUse: boolean;
}

/**
 * Hands a stream on, event by event, by reference and undelayed. Only the end is held back: the stop of a text
 * block until it is clear what follows, and `messageStop(max_tokens)` with its `metadata`. If the answer was cut
 * and can be resumed, the continuation's text goes on in the same content block, and one `messageStop` and one
 * `metadata` with the usage of both close the whole.
 *
 * @param onUnrepairable - told why a cut answer is not resumed.
 */
export async function* spliceStream(
  stream: AsyncIterable<ConverseEvent>,
  resume: Resume,
  onUnrepairable: (reason: string) => void,
): AsyncGenerator<ConverseEvent, void, undefined> {
  const passed: Passed = { text: '', block: 0, toolUse: false };
  let held: ConverseEvent[] = [];
  let cut = false;
  for await (const event of stream) {
    note(event, passed);
    if (isCut(event.messageStop?.stopReason)) cut = true;
    if (cut || isTextStop(event, passed)) {
      held.push(event);
      continue;
    }
    yield* held;
    held = [];
    yield event;
  }
  if (!cut) return yield* held;
  const reason = passed.toolUse
    ? 'it was cut at a tool call'
    : isTextStop(held[0], passed)
      ? undefined
      : 'it did not end with text';
  if (reason !== undefined) onUnrepairable(reason);
  const metadata = held.find((event) => event.metadata !== undefined);
  const continuation =
    reason === undefined
      ? await resume(passed.text, metadata?.metadata?.usage?.outputTokens ?? 0)
      : undefined;
  if (continuation === undefined) return yield* held;
  yield* spliced(continuation, passed.block, held, metadata);
}

function note({ contentBlockStart, contentBlockDelta }: ConverseEvent, passed: Passed): void {
  if (contentBlockStart?.start?.toolUse !== undefined || contentBlockDelta?.delta?.toolUse !== undefined)
    passed.toolUse = true;
  const text = contentBlockDelta?.delta?.text;
  if (text === undefined) return;
  passed.text += text;
  passed.block = contentBlockDelta?.contentBlockIndex ?? passed.block;
}

function isTextStop(event: ConverseEvent | undefined, { block, text }: Passed): boolean {
  return (
    event?.contentBlockStop !== undefined &&
    text !== '' &&
    (event.contentBlockStop.contentBlockIndex ?? 0) === block
  );
}

/** The continuation as the rest of the first stream. */
async function* spliced(
  { stream, finished, failed }: Continuation,
  block: number,
  held: readonly ConverseEvent[],
  metadata: ConverseEvent | undefined,
): AsyncGenerator<ConverseEvent, void, undefined> {
  const [textStop, messageStop] = held;
  let lastStop: ConverseEvent | undefined;
  let lastMetadata: ConverseEvent | undefined;
  try {
    for await (const event of stream) {
      if (event.contentBlockDelta?.delta?.text !== undefined) yield inBlock(event, block);
      else if (event.messageStop !== undefined) lastStop = event;
      else if (event.metadata !== undefined) lastMetadata = event;
    }
  } catch (error) {
    failed(error);
  }
  finished(lastMetadata?.metadata?.usage?.outputTokens ?? 0);
  if (textStop !== undefined) yield textStop;
  // A continuation that broke off leaves the answer as cut as it was.
  const stop = lastStop?.messageStop?.stopReason === 'tool_use' ? undefined : lastStop;
  if (stop !== undefined || messageStop !== undefined) yield stop ?? (messageStop as ConverseEvent);
  if (metadata === undefined) return;
  yield lastMetadata === undefined ? metadata : joinMetadata(metadata, lastMetadata);
}

/** The event in the given content block; the very same object where it is there already. */
function inBlock(event: ConverseEvent, contentBlockIndex: number): ConverseEvent {
  const { contentBlockDelta } = event;
  return contentBlockDelta?.contentBlockIndex === contentBlockIndex
    ? event
    : { contentBlockDelta: { ...contentBlockDelta, contentBlockIndex } };
}

function joinMetadata(first: ConverseEvent, second: ConverseEvent): ConverseEvent {
  const { usage, metrics } = second.metadata ?? {};
  return {
    metadata: {
      ...first.metadata,
      usage: addUsage(first.metadata?.usage, usage) as object,
      metrics: addUsage(first.metadata?.metrics, metrics) as object,
    },
  };
}
