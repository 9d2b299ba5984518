/**
 * Random requests without the cost of random letters: a million of them take minutes. Everything follows from the seed.
 * @module
 */
type Json = Record<string, unknown>;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export type Random = () => number;

/** Starts a sequence of random numbers. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

const pick = <T>(random: Random, values: readonly T[]): T =>
  values[Math.floor(random() * values.length)] as T;
const whole = (random: Random, most: number): number => Math.floor(random() * (most + 1));

const SENTENCE = 'The customer may return every product within thirty days of delivery. ';
const SHORT: readonly string[] = [
  '',
  ' \n',
  'Hello.',
  SENTENCE,
  'Größe und Preis: 12,50 €.',
  'データを確認します。',
];
const LONG: readonly string[] = [
  SENTENCE.repeat(30),
  SENTENCE.repeat(120),
  SENTENCE.repeat(250),
  'データを確認します。'.repeat(200),
  JSON.stringify({ id: 12, state: 'open', lines: [1, 2, 3] }).repeat(100),
];

/** More than any family caches, by every count. */
const HUGE: readonly string[] = [SENTENCE.repeat(2_500)];

/** Mostly short: what decides a plan is where the long ones stand, and to read them is what takes time. */
const anyText = (random: Random): string => {
  const kind = random();
  return pick(random, kind < 0.85 ? SHORT : kind < 0.999 ? LONG : HUGE);
};
const filledText = (random: Random): string => {
  const text = anyText(random);
  return text.trim() === '' ? 'Hello.' : text;
};
const bytes = new Uint8Array([1, 2, 3]);

function userBlock(random: Random): Json {
  const kind = random();
  if (kind < 0.75) return { text: anyText(random) };
  if (kind < 0.8) return { image: { format: 'png', source: { bytes } } };
  if (kind < 0.9)
    return { document: { format: pick(random, ['pdf', 'csv', 'docx']), name: 'file', source: { bytes } } };
  if (kind < 0.95) return { video: { format: 'mp4', source: { bytes } } };
  return { guardContent: { text: { text: filledText(random) } } };
}

function reasoning(random: Random): Json {
  return { reasoningContent: { reasoningText: { text: filledText(random), signature: 'c2ln' } } };
}

/** A user's turn, perhaps a round of tools, and the answer. */
function exchange(random: Random): Json[] {
  const messages: Json[] = [
    { role: 'user', content: Array.from({ length: 1 + whole(random, 3) }, () => userBlock(random)) },
  ];
  const thought = random() < 0.2 ? [reasoning(random)] : [];
  for (let rounds = random() < 0.3 ? whole(random, 3) : 0; rounds > 0; rounds -= 1) {
    const calls = pick(random, [1, 1, 2, 12, 25]);
    const ids = Array.from({ length: calls }, (_, index) => `call-${rounds}-${index}`);
    messages.push({
      role: 'assistant',
      content: [
        ...thought,
        ...ids.map((toolUseId) => ({ toolUse: { toolUseId, name: 'search', input: {} } })),
      ],
    });
    const results = ids.map(
      (toolUseId): Json => ({ toolResult: { toolUseId, content: [{ text: 'Found.' }] } }),
    );
    messages.push({ role: 'user', content: random() < 0.3 ? [...results, { text: 'Go on.' }] : results });
  }
  messages.push({
    role: 'assistant',
    content: [...thought, { text: filledText(random) }, ...(random() < 0.1 ? [reasoning(random)] : [])],
  });
  return messages;
}

/** A conversation whose last turn is the user's. */
export function seededRequest(random: Random): Json {
  const tools = Array.from({ length: random() < 0.5 ? 0 : whole(random, 4) }, (_, index) => ({
    toolSpec: {
      name: `tool${index}`,
      description: filledText(random),
      inputSchema: { json: { type: 'object', properties: { query: { type: 'string' } } } },
    },
  }));
  const system = Array.from({ length: random() < 0.3 ? 0 : whole(random, 3) }, () =>
    random() < 0.9 ? { text: anyText(random) } : { guardContent: { text: { text: filledText(random) } } },
  );
  const messages = Array.from({ length: whole(random, 4) }, () => exchange(random)).flat();
  const last = exchange(random);
  messages.push(...last.slice(0, Math.max(1, last.length - 1)));
  return {
    ...(tools.length === 0 ? {} : { toolConfig: { tools } }),
    ...(system.length === 0 ? {} : { system }),
    messages,
    ...(random() < 0.2
      ? { additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1024 } } }
      : {}),
  };
}

/** The same with a few points of the caller's own. */
export function withSeededPoints(random: Random, input: Json): Json {
  if (random() < 0.6) return input;
  const share = random() * 0.2;
  let left = 1 + whole(random, 3);
  const place = (blocks: readonly Json[]): Json[] =>
    blocks.flatMap((block) => {
      if (left === 0 || random() > share) return [block];
      left -= 1;
      const ttl = pick(random, [undefined, undefined, '5m', '1h']);
      return [block, { cachePoint: { type: 'default', ...(ttl === undefined ? {} : { ttl }) } }];
    });
  const { tools } = (input['toolConfig'] ?? {}) as { tools?: Json[] };
  return {
    ...input,
    ...(tools === undefined ? {} : { toolConfig: { tools: place(tools) } }),
    ...(input['system'] === undefined ? {} : { system: place(input['system'] as Json[]) }),
    messages: (input['messages'] as Json[]).map((message) => ({
      ...message,
      content: place(message['content'] as Json[]),
    })),
  };
}
