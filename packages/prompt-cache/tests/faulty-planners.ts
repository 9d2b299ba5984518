/**
 * Planners with one fault each, as somebody might write them: what a checker of plans must catch.
 * @module
 */
import { planCachePoints } from '../src/index.js';

type Json = Record<string, unknown>;

/** Plans a Converse request. */
export type Planner = (modelId: string, input: Json) => Json;

const POINT: Json = { cachePoint: { type: 'default' } };
const HOUR: Json = { cachePoint: { type: 'default', ttl: '1h' } };

/** The planner itself. */
export const soundPlanner: Planner = (modelId, input) => planCachePoints(input, { model: modelId }).input;

const isPoint = (block: Json): boolean => block['cachePoint'] !== undefined;

/** The lists of blocks of a request, each by a change of it. */
function mapLists(
  input: Json,
  change: (blocks: readonly Json[], section: 'tools' | 'system' | 'messages') => Json[],
): Json {
  const { tools } = (input['toolConfig'] ?? {}) as { tools?: Json[] };
  return {
    ...input,
    ...(tools === undefined
      ? {}
      : { toolConfig: { ...(input['toolConfig'] as Json), tools: change(tools, 'tools') } }),
    ...(input['system'] === undefined ? {} : { system: change(input['system'] as Json[], 'system') }),
    messages: (input['messages'] as Json[]).map((message) => ({
      ...message,
      content: change(message['content'] as Json[], 'messages'),
    })),
  };
}

/** A point behind every block that a test names, whatever else is there. */
const behind =
  (test: (block: Json) => boolean, point: Json = POINT): Planner =>
  (modelId, input) =>
    mapLists(soundPlanner(modelId, input), (blocks) =>
      blocks.flatMap((block) => (test(block) ? [block, point] : [block])),
    );

const onPlan =
  (change: (plan: Json, modelId: string, input: Json) => Json): Planner =>
  (modelId, input) =>
    change(soundPlanner(modelId, input), modelId, input);

const lastOf = (blocks: readonly Json[]): Json | undefined =>
  blocks.filter((block) => !isPoint(block)).at(-1);

/** By what is wrong with them. */
export const FAULTY_PLANNERS: Readonly<Record<string, Planner>> = {
  'a fifth point': onPlan((plan) =>
    mapLists(plan, (blocks) => blocks.flatMap((block) => (isPoint(block) ? [block] : [block, POINT]))),
  ),
  'a point before everything': onPlan((plan) => mapLists(plan, (blocks) => [POINT, ...blocks])),
  'two points in a row': onPlan((plan) =>
    mapLists(plan, (blocks) => blocks.flatMap((block) => (isPoint(block) ? [block, block] : [block]))),
  ),
  'a point behind reasoning': behind((block) => block['reasoningContent'] !== undefined),
  'a point behind a video': behind((block) => block['video'] !== undefined),
  'a point behind a document that is no PDF': behind(
    (block) => block['document'] !== undefined && (block['document'] as Json)['format'] !== 'pdf',
  ),
  'a point inside a tool result': onPlan((plan) =>
    mapLists(plan, (blocks) =>
      blocks.map((block) => {
        const result = block['toolResult'] as Json | undefined;
        if (result === undefined) return block;
        return { toolResult: { ...result, content: [...(result['content'] as Json[]), POINT] } };
      }),
    ),
  ),
  'a point as a second member of a text': onPlan((plan) =>
    mapLists(plan, (blocks) => blocks.map((block) => ('text' in block ? { ...block, ...POINT } : block))),
  ),
  'an hour for whatever comes last': onPlan((plan) =>
    mapLists(plan, (blocks, section) =>
      blocks.map((block) => (isPoint(block) && section === 'messages' ? HOUR : block)),
    ),
  ),
  'an hour on a model that has none': onPlan((plan) =>
    mapLists(plan, (blocks) => blocks.map((block) => (isPoint(block) ? HOUR : block))),
  ),
  'an unknown lifetime': onPlan((plan) =>
    mapLists(plan, (blocks) =>
      blocks.map((block) => (isPoint(block) ? { cachePoint: { type: 'default', ttl: '30m' } } : block)),
    ),
  ),
  'points in tools, whatever the family': onPlan((plan) =>
    mapLists(plan, (blocks, section) =>
      section === 'tools' && !blocks.some(isPoint) ? [...blocks, POINT] : [...blocks],
    ),
  ),
  'points behind tool results, whatever the family': behind((block) => block['toolResult'] !== undefined),
  'points for models that have no cache': onPlan((plan) =>
    mapLists(plan, (blocks, section) =>
      section === 'system' && typeof lastOf(blocks)?.['text'] === 'string' && !isPoint(blocks.at(-1) ?? {})
        ? [...blocks, POINT]
        : [...blocks],
    ),
  ),
  "the caller's own points dropped": onPlan((plan, _modelId, input) =>
    mapLists(plan, (blocks) => {
      const own = JSON.stringify(input).includes('cachePoint');
      return blocks.filter((block) => !(own && isPoint(block)));
    }),
  ),
  'no points at all': (_modelId, input) => input,
  'the minimum counted for each section alone': (modelId, input) =>
    mapLists(soundPlanner(modelId, input), (blocks, section) =>
      section === 'system' && JSON.stringify(blocks).length < 16_000
        ? blocks.filter((block) => !isPoint(block))
        : [...blocks],
    ),
  'text trimmed on the way': onPlan((plan) =>
    mapLists(plan, (blocks) =>
      blocks.map((block) =>
        typeof block['text'] === 'string' ? { ...block, text: block['text'].trim() } : block,
      ),
    ),
  ),
};
