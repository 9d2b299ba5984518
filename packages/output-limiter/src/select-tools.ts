import { checkOptions, InvalidOptionError, isArray, isPositiveInteger } from '@costkit/core';
import { relevanceRanker } from './relevance.js';
import { wordsOf } from './words-of.js';

/** A tool of Converse, of any SDK copy. */
export interface ToolLike {
  readonly toolSpec?:
    | {
        readonly name?: string | undefined;
        readonly description?: string | undefined;
        readonly inputSchema?: unknown;
      }
    | undefined;
}

/** What {@link selectTools} takes besides the tools. */
export interface SelectToolsOptions {
  /** What the conversation is about: its last question, or several joined. */
  readonly query: string;
  /** Most tools that are sent; those of `sent` and `always` are sent in any case. */
  readonly maxTools: number;
  /** Names of the tools that the request before sent, in its order: they stay where they are. @defaultValue none */
  readonly sent?: readonly string[];
  /** Names of tools that every request has. @defaultValue none */
  readonly always?: readonly string[];
}

/** The name of a tool; empty for those of the service itself. */
export const nameOf = ({ toolSpec }: ToolLike): string => toolSpec?.name ?? '';

/**
 * Chooses the tools that have to do with a question. Tools stand at the start of the cached prefix, and one that goes or
 * moves costs writing all of it anew: what the request before sent stays, in its order, and new ones come behind.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * const tools = selectTools(allTools, { query: question, maxTools: 8, sent });
 * const sentNext = tools.map(({ toolSpec }) => toolSpec?.name ?? '');
 * ```
 */
export function selectTools<T extends ToolLike>(tools: readonly T[], options: SelectToolsOptions): T[] {
  checkOptions<SelectToolsOptions>('output-limiter', options, {
    // Without a question, only tools that are sent anyway are.
    query: (value) => (typeof value === 'string' ? undefined : 'must be a text'),
    maxTools: isPositiveInteger,
    sent: isArray,
    always: isArray,
  });
  const { query, maxTools, sent = [], always = [] } = options;
  if (maxTools === undefined) throw new InvalidOptionError('output-limiter', 'maxTools', 'is missing');
  const byName = new Map(tools.map((tool) => [nameOf(tool), tool]));
  const chosen = new Set(sent.filter((name) => byName.has(name)));
  for (const name of [...always].sort()) if (byName.has(name)) chosen.add(name);
  const ranked = toolRanker(tools)(wordsOf(query)).filter(({ name }) => !chosen.has(name));
  // In the order of their names: two questions that need the same tools then send the same prefix.
  const added = ranked.slice(0, Math.max(0, maxTools - chosen.size)).map(({ name }) => name);
  for (const name of added.sort()) chosen.add(name);
  return [...chosen].map((name) => byName.get(name) as T);
}

/** A tool, and what it has to do with a question, as a share of the one that has most to do with it. */
export interface RankedTool {
  readonly name: string;
  readonly score: number;
}

/** Finds the tools that have something to do with the words of a question, the best first. */
export function toolRanker(tools: readonly ToolLike[]): (query: readonly string[]) => RankedTool[] {
  const relevanceOf = relevanceRanker(
    tools.map((tool) => wordsOf(`${splitName(nameOf(tool))} ${JSON.stringify(tool.toolSpec ?? {})}`)),
  );
  return (query) => {
    const scores = relevanceOf(query);
    return tools
      .map((tool, index) => ({ name: nameOf(tool), score: scores[index] ?? 0 }))
      .filter(({ score }) => score > 0)
      .sort((one, other) => other.score - one.score || (one.name < other.name ? -1 : 1));
  };
}

/** `findOrder_byId` is about finding an order by its id. */
const splitName = (name: string): string => name.replace(/[_-]+/g, ' ').replace(/([a-z])([A-Z])/g, '$1 $2');
