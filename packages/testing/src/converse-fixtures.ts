/** Token counts of a Converse answer. The parts are disjoint: `inputTokens` excludes what the cache served. */
export interface FixtureUsage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cacheReadInputTokens?: number;
  /** Writes by time to live; their sum is the wire's `cacheWriteInputTokens`. */
  readonly cacheWrite5m?: number;
  readonly cacheWrite1h?: number;
}

/** What a Converse answer is to hold. */
export interface ConverseFixture {
  /** Text of the answer. @defaultValue `"Hello."` when there is no `content` */
  readonly text?: string;
  /** Content blocks as on the wire, instead of `text`. */
  readonly content?: readonly object[];
  /** @defaultValue `"end_turn"`, with a `toolUse` block `"tool_use"` */
  readonly stopReason?: string;
  /** @defaultValue 10 in, 5 out */
  readonly usage?: FixtureUsage;
  /** @defaultValue `400` */
  readonly latencyMs?: number;
  /** The tier that served the call; sent only when given, as the service does. */
  readonly serviceTier?: string;
  /** Whether the wire carries the cache members at all: newer Claude sends them as 0, others leave them out. @defaultValue `true` */
  readonly cacheMembers?: boolean;
}

/**
 * The wire's `usage`: the alias fields of equal value, `serverToolUsage`, and `cacheDetails` only when
 * something was written (recorded exchanges with the service).
 */
function wireUsage(usage: FixtureUsage, cacheMembers: boolean): Record<string, unknown> {
  const {
    inputTokens = 10,
    outputTokens = 5,
    cacheReadInputTokens = 0,
    cacheWrite5m = 0,
    cacheWrite1h = 0,
  } = usage;
  const written = cacheWrite5m + cacheWrite1h;
  const details = [
    ...(cacheWrite1h > 0 ? [{ inputTokens: cacheWrite1h, ttl: '1h' }] : []),
    ...(cacheWrite5m > 0 ? [{ inputTokens: cacheWrite5m, ttl: '5m' }] : []),
  ];
  return {
    ...(written > 0 ? { cacheDetails: details } : {}),
    ...(cacheMembers
      ? {
          cacheReadInputTokenCount: cacheReadInputTokens,
          cacheReadInputTokens,
          cacheWriteInputTokenCount: written,
          cacheWriteInputTokens: written,
        }
      : {}),
    inputTokens,
    outputTokens,
    serverToolUsage: {},
    totalTokens: inputTokens + outputTokens + cacheReadInputTokens + written,
  };
}

const contentOf = (fixture: ConverseFixture): readonly object[] =>
  fixture.content ?? [{ text: fixture.text ?? 'Hello.' }];
const stopReasonOf = (fixture: ConverseFixture): string =>
  fixture.stopReason ?? (contentOf(fixture).some((block) => 'toolUse' in block) ? 'tool_use' : 'end_turn');

/**
 * The body of a Converse answer, in the shape of recorded ones.
 *
 * @example
 * ```ts
 * jsonResponse(converseResponse({ text: 'Paris.', usage: { inputTokens: 12, outputTokens: 3 } }))
 * ```
 */
export function converseResponse(fixture: ConverseFixture = {}): Record<string, unknown> {
  return {
    metrics: { latencyMs: fixture.latencyMs ?? 400 },
    output: { message: { content: contentOf(fixture), role: 'assistant' } },
    ...(fixture.serviceTier === undefined ? {} : { serviceTier: { type: fixture.serviceTier } }),
    stopReason: stopReasonOf(fixture),
    usage: wireUsage(fixture.usage ?? {}, fixture.cacheMembers ?? true),
  };
}

/** What a ConverseStream is to hold. */
export interface ConverseStreamFixture extends ConverseFixture {
  /** Characters per text delta. @defaultValue `12` */
  readonly chunkLength?: number;
}

/**
 * The events of a ConverseStream in the service's order: `messageStart`, per block its start (tools only),
 * deltas and stop, `messageStop`, and last of all `metadata` with the usage.
 *
 * @example
 * ```ts
 * converseStreamResponse(converseStreamEvents({ text: 'A long answer in several deltas.' }))
 * ```
 */
export function converseStreamEvents(fixture: ConverseStreamFixture = {}): object[] {
  const chunkLength = fixture.chunkLength ?? 12;
  const events: object[] = [{ messageStart: { role: 'assistant' } }];
  contentOf(fixture).forEach((block, contentBlockIndex) => {
    events.push(...blockEvents(block as Record<string, unknown>, contentBlockIndex, chunkLength));
    events.push({ contentBlockStop: { contentBlockIndex } });
  });
  events.push({ messageStop: { stopReason: stopReasonOf(fixture) } });
  // Over a stream, Claude leaves the cache members out when nothing was cached.
  const usage = fixture.usage ?? {};
  const cached =
    (usage.cacheReadInputTokens ?? 0) + (usage.cacheWrite5m ?? 0) + (usage.cacheWrite1h ?? 0) > 0;
  events.push({
    metadata: {
      metrics: { latencyMs: fixture.latencyMs ?? 400 },
      ...(fixture.serviceTier === undefined ? {} : { serviceTier: { type: fixture.serviceTier } }),
      usage: wireUsage(usage, (fixture.cacheMembers ?? true) && cached),
    },
  });
  return events;
}

function blockEvents(
  block: Record<string, unknown>,
  contentBlockIndex: number,
  chunkLength: number,
): object[] {
  if (typeof block['text'] === 'string') {
    return chunksOf(block['text'], chunkLength).map((text) => ({
      contentBlockDelta: { contentBlockIndex, delta: { text } },
    }));
  }
  const toolUse = block['toolUse'] as { toolUseId: string; name: string; input: unknown } | undefined;
  if (toolUse !== undefined) {
    const { toolUseId, name, input } = toolUse;
    return [
      { contentBlockStart: { contentBlockIndex, start: { toolUse: { name, toolUseId } } } },
      ...chunksOf(JSON.stringify(input), chunkLength).map((part) => ({
        contentBlockDelta: { contentBlockIndex, delta: { toolUse: { input: part } } },
      })),
    ];
  }
  const reasoning = block['reasoningContent'] as
    | { reasoningText?: { text: string; signature?: string }; redactedContent?: Uint8Array }
    | undefined;
  if (reasoning?.reasoningText !== undefined) {
    const { text, signature } = reasoning.reasoningText;
    const delta = (reasoningContent: object): object => ({
      contentBlockDelta: { contentBlockIndex, delta: { reasoningContent } },
    });
    return [
      ...chunksOf(text, chunkLength).map((part) => delta({ text: part })),
      ...(signature === undefined ? [] : [delta({ signature })]),
    ];
  }
  if (reasoning?.redactedContent !== undefined) {
    return [
      {
        contentBlockDelta: {
          contentBlockIndex,
          delta: { reasoningContent: { redactedContent: reasoning.redactedContent } },
        },
      },
    ];
  }
  throw new TypeError(
    `costkit testing: converseStreamEvents cannot stream a block of ${Object.keys(block).join(', ')}. Use text, toolUse or reasoningContent, or write the events yourself.`,
  );
}

function chunksOf(text: string, length: number): string[] {
  const characters = [...text];
  const chunks: string[] = [];
  for (let start = 0; start < characters.length; start += length)
    chunks.push(characters.slice(start, start + length).join(''));
  return chunks;
}
