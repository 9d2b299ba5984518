import {
  type BedrockClientLike,
  type BedrockPlugin,
  deriveClient,
  type Lever,
  lazyLever,
  leverPlugin,
} from '@costkit/core';
import { LEVER } from './lever-name.js';
import type { LimitLevers } from './limit-levers.js';
import { type OutputLimitOptions, readOptions } from './output-limit-options.js';

/**
 * The output limiter as a plugin of the AWS SDK.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * client.middlewareStack.use(outputLimitPlugin({ caps: { classify: 20 }, mode: 'observe' }));
 * ```
 */
export function outputLimitPlugin(options: OutputLimitOptions = {}): BedrockPlugin {
  const settings = readOptions(options);
  const { mode } = settings;
  let loading: Promise<LimitLevers> | undefined;
  // Options are checked at once; what limits is loaded with the first call.
  const load = (): Promise<LimitLevers> => {
    loading ??= import('./limit-levers.js').then(({ createLimitLevers }) => createLimitLevers(settings));
    return loading;
  };
  const limit = lazyLever({ name: LEVER, slot: 'fit', mode }, async () => (await load()).limit);
  const shape = (create: () => Promise<Lever>): Lever =>
    lazyLever({ name: LEVER, slot: 'shape', mode }, create);
  const repair = shape(async () => (await load()).repair);
  const levers = [limit, repair];
  const { window, tools, toolResults } = settings;
  // Outside of the repair: what is completed is the answer to what was sent.
  if (window !== undefined)
    levers.unshift(
      shape(async () => {
        const { windowLever } = await import('./window-lever.js');
        return windowLever(window, mode);
      }),
    );
  if (tools !== undefined)
    levers.unshift(
      shape(async () => {
        const { toolLever } = await import('./tool-lever.js');
        return toolLever(tools, mode);
      }),
    );
  // Outside of the window, which then holds more of a conversation.
  if (toolResults !== undefined)
    levers.unshift(
      shape(async () => {
        const { toolResultLever } = await import('./tool-result-lever.js');
        return toolResultLever(toolResults, mode);
      }),
    );
  return leverPlugin(LEVER, levers);
}

/**
 * Returns a client whose answers are capped, and brief where asked. The client passed in stays as it is; both
 * share their connections.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 * @throws `AlreadyAppliedError` when the client has an output limiter.
 *
 * @example
 * ```ts
 * const client = withOutputLimit(new BedrockRuntimeClient({}), {
 *   caps: { classify: 20, answer: 400 },
 *   brevity: { answer: 'Answer in at most three sentences.' },
 * });
 * await withTags({ task: 'classify' }, () => client.send(command));
 * ```
 */
export function withOutputLimit<C extends BedrockClientLike>(client: C, options: OutputLimitOptions = {}): C {
  return deriveClient(client, outputLimitPlugin(options));
}
