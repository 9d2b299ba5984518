/**
 * Says what is wrong with a plan: what the service would refuse, what was changed besides cache points, and points that
 * are missing where there is clearly something to cache. From the evidence on Bedrock's rules alone, like the checker of
 * points; it shares no code and no table with the planner.
 * @module
 */
import { isDeepStrictEqual } from 'node:util';
import { CLAUDE_IDS, converseViolations, NOVA_IDS } from './cache-point-checker.js';

type Json = Readonly<Record<string, unknown>>;

/** From the user guide's table, with the larger number where sources differ. */
const MINIMA: Readonly<Record<string, number>> = {
  'anthropic.claude-opus-5-5': 512,
  'anthropic.claude-sonnet-5-5': 512,
  'anthropic.claude-haiku-5-5': 512,
  'anthropic.claude-sonnet-5': 1_024,
  'anthropic.claude-sonnet-4-5-20250929-v1:0': 1_024,
  'anthropic.claude-haiku-4-5-20251001-v1:0': 4_096,
  'anthropic.claude-3-7-sonnet-20250219-v1:0': 1_024,
  'anthropic.claude-3-5-haiku-20241022-v1:0': 2_048,
  'amazon.nova-micro-v1:0': 1_536,
  'amazon.nova-lite-v1:0': 1_536,
  'amazon.nova-pro-v1:0': 1_024,
  'amazon.nova-2-lite-v1:0': 1_536,
};
const NOVA_MAXIMUM = 20_000;
/** Content blocks before a point among which the service looks for what was written earlier. */
const LOOK_BACK = 20;
/** No tokenizer is as sparing as this with any text of the tests, nor as lavish as the other. */
/** JSON around the text of a block, at most. */
const PUNCTUATION = 200;
const CHARACTERS_PER_TOKEN = { most: 8, least: 0.5 };

const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const bareId = (modelId: string): string => modelId.replace(/^(us|eu|global|apac)\./, '');
const isPoint = (block: Json): boolean => block['cachePoint'] !== undefined;

interface Numbered {
  readonly section: 'tools' | 'system' | 'messages';
  readonly role: unknown;
  readonly block: Json;
  /** Message by number, so that ends of turns are known; -1 outside of messages. */
  readonly message: number;
}

/** All blocks in the order in which they are cached, points among them. */
function blocksOf(input: Json): Numbered[] {
  const tools = list((input['toolConfig'] as Json | undefined)?.['tools']);
  return [
    ...tools.map((block): Numbered => ({ section: 'tools', role: undefined, block, message: -1 })),
    ...list(input['system']).map(
      (block): Numbered => ({ section: 'system', role: undefined, block, message: -1 }),
    ),
    ...list(input['messages']).flatMap(({ role, content }, message) =>
      list(content).map((block): Numbered => ({ section: 'messages', role, block, message })),
    ),
  ];
}

/** Everything that is wrong with a plan for one request. */
export function planProblems(modelId: string, before: Json, after: Json): string[] {
  const problems = converseViolations(modelId, after);
  const [old, now] = [blocksOf(before), blocksOf(after)];
  const [given, kept] = [pointsOf(old), pointsOf(now)];
  if (!differInPointsOnly(before, after, old, now)) problems.push('changed more than points');
  for (const [where, ttl] of given)
    if (kept.get(where) !== ttl) problems.push(`dropped or changed the caller's point behind block ${where}`);
  const added = [...kept.keys()].filter((at) => !given.has(at));
  problems.push(...uselessPoints(modelId, old, added));
  if (added.length === 0 && given.size === 0 && isClearlyCacheable(modelId, old))
    problems.push('placed no point where there is clearly something to cache');
  return problems;
}

/** Whether blocks, their order and all else are the same; the very same objects need no look. */
function differInPointsOnly(
  before: Json,
  after: Json,
  oldBlocks: readonly Numbered[],
  newBlocks: readonly Numbered[],
): boolean {
  const [old, now] = [oldBlocks, newBlocks].map((blocks) => blocks.filter(({ block }) => !isPoint(block)));
  const same = (one: unknown, other: unknown): boolean => one === other || isDeepStrictEqual(one, other);
  return (
    old?.length === now?.length &&
    old?.every(({ section, role, message, block }, index) => {
      const other = now?.[index];
      return (
        other?.section === section &&
        other.role === role &&
        other.message === message &&
        same(block, other.block)
      );
    }) === true &&
    Object.keys({ ...before, ...after }).every(
      (member) =>
        ['messages', 'system', 'toolConfig'].includes(member) || same(before[member], after[member]),
    )
  );
}

/** Lifetimes by the number of blocks before a point, points not counted. */
function pointsOf(all: readonly Numbered[]): ReadonlyMap<number, string> {
  const points = new Map<number, string>();
  let blocks = 0;
  for (const { block } of all) {
    if (isPoint(block)) points.set(blocks, String((block['cachePoint'] as Json)['ttl'] ?? '5m'));
    else blocks += 1;
  }
  return points;
}

/** The system prompt ends with a text, and up to there is twice the minimum, by the most sparing of counts. */
function isClearlyCacheable(modelId: string, all: readonly Numbered[]): boolean {
  const minimum = MINIMA[bareId(modelId)];
  if (minimum === undefined) return false;
  const head = all.filter(({ section }) => section !== 'messages');
  const last = head.at(-1);
  if (last?.section !== 'system' || head.some(({ block }) => block['guardContent'] !== undefined))
    return false;
  if (typeof last.block['text'] !== 'string' || last.block['text'].trim() === '') return false;
  const characters = head.reduce((sum, { block }) => sum + textLength(block), 0);
  if (NOVA_IDS.includes(bareId(modelId)) && characters / CHARACTERS_PER_TOKEN.least > NOVA_MAXIMUM)
    return false;
  return characters / CHARACTERS_PER_TOKEN.most >= 2 * minimum;
}

/** Points that cache nothing by any count: below the minimum, or above what the family caches. */
function uselessPoints(modelId: string, all: readonly Numbered[], added: readonly number[]): string[] {
  const minimum = MINIMA[bareId(modelId)];
  if (minimum === undefined || added.length === 0) return [];
  const problems: string[] = [];
  const blocks = all.filter(({ block }) => !isPoint(block));
  let characters = 0;
  for (const [index, { block }] of blocks.entries()) {
    // What is in media, nobody has counted.
    if (['image', 'document', 'video'].some((kind) => block[kind] !== undefined)) break;
    characters += jsonLength(block);
    if (!added.includes(index + 1)) continue;
    if (characters / CHARACTERS_PER_TOKEN.least < minimum) problems.push(`point ${index}: below the minimum`);
    const least = (characters - PUNCTUATION * (index + 1)) / CHARACTERS_PER_TOKEN.most;
    if (NOVA_IDS.includes(bareId(modelId)) && least > NOVA_MAXIMUM)
      problems.push(`point ${index}: above what the family caches`);
  }
  return problems;
}

/** By block: each request is planned for several models. */
const JSON_LENGTHS = new WeakMap<Json, number>();

function jsonLength(block: Json): number {
  const known = JSON_LENGTHS.get(block);
  if (known !== undefined) return known;
  const { length } = JSON.stringify(block);
  JSON_LENGTHS.set(block, length);
  return length;
}

const textLength = (block: Json): number =>
  typeof block['text'] === 'string' ? block['text'].length : JSON.stringify(block['toolSpec'] ?? '').length;

/**
 * What is wrong with the plan of a conversation's next request: what the plan before had written in its messages must be
 * found again, within the blocks that the service looks back.
 */
export function nextTurnProblems(modelId: string, before: Json, after: Json): string[] {
  if (!CLAUDE_IDS.includes(bareId(modelId))) return [];
  const stable = blocksOf(before).filter(
    ({ section, block }) => section !== 'messages' && !isPoint(block),
  ).length;
  const written = [...pointsOf(blocksOf(before)).keys()].filter((at) => at > stable);
  const deepest = written.at(-1);
  if (deepest === undefined) return [];
  const found = [...pointsOf(blocksOf(after)).keys()].some(
    (at) => at >= deepest && at - LOOK_BACK <= deepest,
  );
  return found ? [] : ['does not find again what the request before wrote'];
}
