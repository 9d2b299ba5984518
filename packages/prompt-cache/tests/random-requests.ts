import fc from 'fast-check';

type Json = Record<string, unknown>;

/** Texts from nothing to several thousand tokens, without the cost of random letters. */
const anyText: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(
      '',
      ' ',
      'Where is my parcel? ',
      'The refund policy grants thirty days. ',
      'Größe und Preis: 12,50 €. ',
      'データを確認します。',
      '{"id": 12, "state": "open"} ',
    ),
    fc.constantFrom(1, 1, 2, 20, 120, 400, 900),
  )
  .map(([text, times]) => text.repeat(times));

const filledText = anyText.map((text) => (text.trim() === '' ? 'Hello.' : text));

const tool = fc.tuple(fc.constantFrom('search', 'lookup', 'refund', 'ship'), filledText).map(
  ([name, description]): Json => ({
    toolSpec: {
      name,
      description,
      inputSchema: { json: { type: 'object', properties: { query: { type: 'string' } } } },
    },
  }),
);

const bytes = new Uint8Array([1, 2, 3]);
const document = (format: string): Json => ({ document: { format, name: 'file', source: { bytes } } });

const userBlock = fc.oneof(
  { weight: 6, arbitrary: anyText.map((text): Json => ({ text })) },
  { weight: 1, arbitrary: fc.constant<Json>({ image: { format: 'png', source: { bytes } } }) },
  { weight: 1, arbitrary: fc.constantFrom('pdf', 'csv', 'txt').map(document) },
  { weight: 1, arbitrary: fc.constant<Json>({ video: { format: 'mp4', source: { bytes } } }) },
  { weight: 1, arbitrary: filledText.map((text): Json => ({ guardContent: { text: { text } } })) },
);

const toolResult = filledText.map(
  (text): Json => ({ toolResult: { toolUseId: 'one', content: [{ text }] } }),
);
const toolUse = fc.constant<Json>({
  toolUse: { toolUseId: 'one', name: 'search', input: { query: 'parcel' } },
});
const reasoning = filledText.map(
  (text): Json => ({ reasoningContent: { reasoningText: { text, signature: 'c2ln' } } }),
);

/** One exchange: a user's turn and the answer to it, perhaps through a tool. */
const exchange: fc.Arbitrary<Json[]> = fc
  .record({
    question: fc.array(userBlock, { minLength: 1, maxLength: 4 }),
    thinks: fc.option(reasoning, { freq: 4, nil: undefined }),
    toolCalls: fc.constantFrom(0, 0, 0, 1, 2, 12),
    result: toolResult,
    remark: fc.option(anyText, { freq: 3, nil: undefined }),
    use: toolUse,
    answer: filledText,
    thinksLast: fc.option(reasoning, { freq: 6, nil: undefined }),
  })
  .map(({ question, thinks, toolCalls, result, remark, use, answer, thinksLast }) => {
    const messages: Json[] = [{ role: 'user', content: question }];
    const thought = thinks === undefined ? [] : [thinks];
    if (toolCalls > 0) {
      messages.push({ role: 'assistant', content: [...thought, ...Array<Json>(toolCalls).fill(use)] });
      const results = Array<Json>(toolCalls).fill(result);
      messages.push({
        role: 'user',
        content: remark === undefined ? results : [...results, { text: remark }],
      });
    }
    messages.push({
      role: 'assistant',
      content: [...thought, { text: answer }, ...(thinksLast === undefined ? [] : [thinksLast])],
    });
    return messages;
  });

/** Whole conversations whose last turn is the user's, often in the middle of a tool loop. */
export const anyConverseInput: fc.Arbitrary<Json> = fc
  .record({
    tools: fc.array(tool, { maxLength: 4 }),
    system: fc.array(
      fc.oneof(
        { weight: 5, arbitrary: anyText.map((text): Json => ({ text })) },
        { weight: 1, arbitrary: filledText.map((text): Json => ({ guardContent: { text: { text } } })) },
      ),
      { maxLength: 4 },
    ),
    exchanges: fc.array(exchange, { maxLength: 6 }),
    last: exchange,
    stopAt: fc.constantFrom(1, 3),
    thinking: fc.constantFrom(undefined, { type: 'enabled', budget_tokens: 1024 }, { type: 'disabled' }),
  })
  .map(({ tools, system, exchanges, last, stopAt, thinking }) => {
    const tail = last.length >= stopAt ? last.slice(0, stopAt) : last.slice(0, 1);
    return {
      ...(tools.length === 0 ? {} : { toolConfig: { tools } }),
      ...(system.length === 0 ? {} : { system }),
      messages: [...exchanges.flat(), ...tail],
      ...(thinking === undefined ? {} : { additionalModelRequestFields: { thinking } }),
    };
  });

/** A request without what Bedrock refuses whatever the cache points are: blank texts, tools of one name, video. */
export function acceptable(input: Json): Json {
  const mend = (block: Json): Json =>
    block['video'] !== undefined || (typeof block['text'] === 'string' && block['text'].trim() === '')
      ? { text: 'See above.' }
      : block;
  const mended = (blocks: unknown): Json[] => (blocks as Json[]).map(mend);
  const tools = (input['toolConfig'] as { tools: { toolSpec: Json }[] } | undefined)?.tools;
  return {
    ...input,
    ...(tools === undefined
      ? {}
      : {
          toolConfig: {
            tools: tools.map(({ toolSpec }, index) => ({ toolSpec: { ...toolSpec, name: `tool${index}` } })),
          },
        }),
    ...(input['system'] === undefined ? {} : { system: mended(input['system']) }),
    messages: (input['messages'] as Json[]).map((message) => ({
      ...message,
      content: mended(message['content']),
    })),
  };
}

/** Where a caller might have put points of its own: an index into all blocks, and a lifetime. */
export const anyOwnPoints: fc.Arbitrary<
  readonly { readonly at: number; readonly ttl: '5m' | '1h' | undefined }[]
> = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  {
    weight: 2,
    arbitrary: fc.array(
      fc.record({
        at: fc.oneof(fc.nat(4), fc.nat(40)),
        ttl: fc.constantFrom('5m' as const, '1h' as const, undefined),
      }),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
  },
);

/** The Converse input with points of the caller's behind the named blocks. */
export function withOwnPoints(
  input: Json,
  own: readonly { readonly at: number; readonly ttl: '5m' | '1h' | undefined }[],
): Json {
  let index = -1;
  const place = (blocks: readonly Json[]): Json[] =>
    blocks.flatMap((block) => {
      index += 1;
      const point = own.find(({ at }) => at === index);
      if (point === undefined) return [block];
      return [
        block,
        { cachePoint: { type: 'default', ...(point.ttl === undefined ? {} : { ttl: point.ttl }) } },
      ];
    });
  const tools = (input['toolConfig'] as { tools?: Json[] } | undefined)?.tools;
  const system = input['system'] as Json[] | undefined;
  return {
    ...input,
    ...(tools === undefined ? {} : { toolConfig: { tools: place(tools) } }),
    ...(system === undefined ? {} : { system: place(system) }),
    messages: (input['messages'] as Json[]).map((message) => ({
      ...message,
      content: place(message['content'] as Json[]),
    })),
  };
}

/** The same conversation as an Anthropic Messages body. */
export function anthropicBody(input: Json): Json {
  const block = (one: Json): Json[] => {
    if (typeof one['text'] === 'string') return [{ type: 'text', text: one['text'] }];
    if (one['guardContent'] !== undefined) return [{ type: 'text', text: 'guarded' }];
    if (one['image'] !== undefined)
      return [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AQID' } }];
    if (one['document'] !== undefined)
      return [{ type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'a' } }];
    if (one['toolUse'] !== undefined)
      return [{ type: 'tool_use', id: 'one', name: 'search', input: { query: 'parcel' } }];
    if (one['toolResult'] !== undefined) {
      const { content } = one['toolResult'] as { content: { text: string }[] };
      return [
        {
          type: 'tool_result',
          tool_use_id: 'one',
          content: content.map(({ text }) => ({ type: 'text', text })),
        },
      ];
    }
    if (one['reasoningContent'] !== undefined)
      return [{ type: 'thinking', thinking: 'Let me see.', signature: 'c2ln' }];
    return [];
  };
  const tools = (input['toolConfig'] as { tools?: { toolSpec: Json }[] } | undefined)?.tools;
  const system = input['system'] as Json[] | undefined;
  return {
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 500,
    ...(tools === undefined
      ? {}
      : {
          tools: tools.map(({ toolSpec }) => ({
            name: toolSpec['name'],
            description: toolSpec['description'],
            input_schema: (toolSpec['inputSchema'] as { json: unknown }).json,
          })),
        }),
    ...(system === undefined
      ? {}
      : { system: system.length === 1 ? 'You are a helper. '.repeat(400) : system.flatMap(block) }),
    messages: (input['messages'] as Json[]).map((message, index) => {
      const content = (message['content'] as Json[]).flatMap(block);
      const filled = content.length === 0 ? [{ type: 'text', text: 'See above.' }] : content;
      return { role: message['role'], content: index % 5 === 4 ? 'Short text content.' : filled };
    }),
  };
}

/** The same conversation as a Nova body. */
export function novaBody(input: Json): Json {
  const known = (one: Json): boolean =>
    ['text', 'image', 'toolUse', 'toolResult'].some((kind) => one[kind] !== undefined);
  const system = (input['system'] as Json[] | undefined)?.filter((one) => typeof one['text'] === 'string');
  return {
    schemaVersion: 'messages-v1',
    ...(input['toolConfig'] === undefined ? {} : { toolConfig: input['toolConfig'] }),
    ...(system === undefined || system.length === 0 ? {} : { system }),
    messages: (input['messages'] as Json[]).map((message) => {
      const content = (message['content'] as Json[])
        .filter(known)
        .map((one) =>
          one['image'] === undefined ? one : { image: { format: 'png', source: { bytes: 'AQID' } } },
        );
      return { role: message['role'], content: content.length === 0 ? [{ text: 'See above.' }] : content };
    }),
    inferenceConfig: { maxTokens: 500 },
  };
}
