/**
 * Says what is wrong with the cache points of a request, from the evidence on Bedrock's rules alone: it shares no
 * code and no table with the planner. A request that it passes is one that the service accepts.
 * @module
 */

/** What a family of models takes, as its documentation says. */
interface FamilyRules {
  readonly family: 'claude' | 'nova';
  readonly hourLong: boolean;
}

/** From the table of the user guide, by the foundation-model id. */
const CACHING_MODELS: Readonly<Record<string, FamilyRules>> = {
  'anthropic.claude-opus-5-5': { family: 'claude', hourLong: true },
  'anthropic.claude-sonnet-5-5': { family: 'claude', hourLong: true },
  'anthropic.claude-haiku-5-5': { family: 'claude', hourLong: true },
  'anthropic.claude-sonnet-5': { family: 'claude', hourLong: true },
  'anthropic.claude-sonnet-4-5-20250929-v1:0': { family: 'claude', hourLong: true },
  'anthropic.claude-haiku-4-5-20251001-v1:0': { family: 'claude', hourLong: true },
  'anthropic.claude-3-7-sonnet-20250219-v1:0': { family: 'claude', hourLong: false },
  'anthropic.claude-3-5-haiku-20241022-v1:0': { family: 'claude', hourLong: false },
  'amazon.nova-micro-v1:0': { family: 'nova', hourLong: false },
  'amazon.nova-lite-v1:0': { family: 'nova', hourLong: false },
  'amazon.nova-pro-v1:0': { family: 'nova', hourLong: false },
  'amazon.nova-2-lite-v1:0': { family: 'nova', hourLong: false },
};

/** Models that refuse every cache point, with a 403 or a 400. */
const REFUSING_MODELS: readonly string[] = [
  'meta.llama3-3-70b-instruct-v1:0',
  'moonshotai.kimi-k3',
  'mistral.mistral-large-2407-v1:0',
  'anthropic.claude-3-haiku-20240307-v1:0',
];

/** Ids that random tests draw from. */
export const CLAUDE_IDS: readonly string[] = Object.keys(CACHING_MODELS).filter((id) =>
  id.startsWith('anthropic'),
);
export const NOVA_IDS: readonly string[] = Object.keys(CACHING_MODELS).filter((id) =>
  id.startsWith('amazon'),
);
export const REFUSING_IDS: readonly string[] = REFUSING_MODELS;

type Json = Readonly<Record<string, unknown>>;

/** One block of a request with the point on it, whatever the shape of the request. */
interface Slot {
  readonly section: 'tools' | 'system' | 'messages';
  readonly where: string;
  readonly ttl: unknown;
  /** The block that the point closes; `undefined` when it stands first. */
  readonly before: Json | undefined;
}

const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const record = (value: unknown): Json => (value ?? {}) as Json;

/** All that is wrong with the cache points of a Converse input. */
export function converseViolations(modelId: string, input: Json): string[] {
  const slots: Slot[] = [];
  const problems: string[] = [];
  const walk = (section: Slot['section'], blocks: readonly Json[], path: string): void => {
    blocks.forEach((block, index) => {
      const where = `${path}.${index}`;
      if (nestedPoint(block)) problems.push(`${where}: a cache point inside a tool result`);
      if (block['cachePoint'] === undefined) return;
      if (Object.keys(block).length !== 1) problems.push(`${where}: two members of one union`);
      const point = record(block['cachePoint']);
      if (point['type'] !== 'default') problems.push(`${where}: unknown type of cache point`);
      slots.push({ section, where, ttl: point['ttl'], before: index === 0 ? undefined : blocks[index - 1] });
    });
  };
  walk('tools', list(record(input['toolConfig'])['tools']), 'toolConfig.tools');
  walk('system', list(input['system']), 'system');
  for (const [index, message] of list(input['messages']).entries()) {
    walk('messages', list(message['content']), `messages.${index}.content`);
  }

  for (const { where, before } of slots) {
    if (before === undefined) problems.push(`${where}: the point is the first block`);
    else if (before['cachePoint'] !== undefined) problems.push(`${where}: two points in a row`);
    else if (before['reasoningContent'] !== undefined) problems.push(`${where}: behind reasoning`);
    else if (before['video'] !== undefined) problems.push(`${where}: behind a video`);
    else if (before['document'] !== undefined && record(before['document'])['format'] !== 'pdf') {
      problems.push(`${where}: behind a document that is no PDF`);
    }
  }
  return [...problems, ...sharedViolations(modelId, slots, (block) => block['toolResult'] !== undefined)];
}

function nestedPoint(block: Json): boolean {
  return list(record(block['toolResult'])['content']).some((inner) => inner['cachePoint'] !== undefined);
}

/** All that is wrong with the cache points of an Anthropic Messages body. */
export function anthropicViolations(modelId: string, body: Json): string[] {
  const slots: Slot[] = [];
  const problems: string[] = [];
  const walk = (section: Slot['section'], blocks: readonly Json[], path: string): void => {
    blocks.forEach((block, index) => {
      const where = `${path}.${index}`;
      for (const inner of list(block['content'])) {
        if (inner['cache_control'] !== undefined)
          problems.push(`${where}: a cache point inside a tool result`);
      }
      if (block['cache_control'] === undefined) return;
      const control = record(block['cache_control']);
      if (control['type'] !== 'ephemeral') problems.push(`${where}: unknown type of cache point`);
      if (block['type'] === 'thinking' || block['type'] === 'redacted_thinking')
        problems.push(`${where}: on reasoning`);
      if (block['type'] === 'text' && block['text'] === '') problems.push(`${where}: on an empty text`);
      slots.push({ section, where, ttl: control['ttl'], before: block });
    });
  };
  walk('tools', list(body['tools']), 'tools');
  walk('system', list(body['system']), 'system');
  for (const [index, message] of list(body['messages']).entries()) {
    walk('messages', list(message['content']), `messages.${index}.content`);
  }
  return [...problems, ...sharedViolations(modelId, slots, () => false)];
}

/** All that is wrong with the cache points of a Nova body. */
export function novaViolations(modelId: string, body: Json): string[] {
  const slots: Slot[] = [];
  const problems: string[] = [];
  const walk = (section: Slot['section'], blocks: readonly Json[], path: string): void => {
    blocks.forEach((block, index) => {
      const where = `${path}.${index}`;
      if (nestedPoint(block)) problems.push(`${where}: a cache point inside a tool result`);
      if (block['cachePoint'] === undefined) return;
      if (typeof block['text'] !== 'string')
        problems.push(`${where}: only text blocks have a place for a point`);
      slots.push({ section, where, ttl: record(block['cachePoint'])['ttl'], before: block });
    });
  };
  walk('tools', list(record(body['toolConfig'])['tools']), 'toolConfig.tools');
  walk('system', list(body['system']), 'system');
  for (const [index, message] of list(body['messages']).entries()) {
    walk('messages', list(message['content']), `messages.${index}.content`);
  }
  return [...problems, ...sharedViolations(modelId, slots, (block) => block['toolResult'] !== undefined)];
}

function sharedViolations(
  modelId: string,
  slots: readonly Slot[],
  isToolResult: (block: Json) => boolean,
): string[] {
  if (slots.length === 0) return [];
  const id = modelId.replace(/^(us|eu|global|apac)\./, '');
  const rules = CACHING_MODELS[id];
  if (rules === undefined) return [`${id} refuses cache points`];
  const problems: string[] = [];
  if (slots.length > 4) problems.push(`${slots.length} cache points`);
  let short: string | undefined;
  for (const { section, where, ttl, before } of slots) {
    if (ttl !== undefined && ttl !== '5m' && ttl !== '1h') problems.push(`${where}: lifetime ${String(ttl)}`);
    if (ttl === '1h' && !rules.hourLong) problems.push(`${where}: the model knows no hour`);
    if (ttl === '1h' && short !== undefined)
      problems.push(`${where}: an hour behind five minutes at ${short}`);
    if (ttl !== '1h') short ??= where;
    if (rules.family === 'nova' && section === 'tools') problems.push(`${where}: Nova takes none in tools`);
    if (rules.family === 'nova' && before !== undefined && isToolResult(before)) {
      problems.push(`${where}: Nova takes none behind a tool result`);
    }
  }
  return problems;
}

/** The same JSON without cache points: a plan must not change anything else. */
export function withoutPoints(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value
      .filter((one) => !(typeof one === 'object' && one !== null && Object.keys(one).join() === 'cachePoint'))
      .map(withoutPoints);
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'cachePoint' && name !== 'cache_control')
      .map(([name, inner]) => [name, withoutPoints(inner)]),
  );
}
