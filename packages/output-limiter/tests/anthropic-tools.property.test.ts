import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toolLever } from '../src/tool-lever.js';
import type { MessageLike } from '../src/window-messages.js';
import { anthropicMessages } from './anthropic-body.js';
import type { Json } from './anthropic-talk.js';
import { sendThrough } from './send-through.js';

/** Without a price nothing depends on how many tokens the two formats take. */
const UNPRICED = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl';

const TOPICS = ['order', 'flight', 'weather', 'mail', 'invoice', 'parcel'];
const TOOLS = TOPICS.map((name) => ({
  toolSpec: {
    name,
    description: `Looks after one ${name}.`,
    inputSchema: { json: { type: 'object', properties: { [name]: { type: 'string' } } } },
  },
}));

describe('the lever that chooses tools, on Anthropic Messages bodies', () => {
  it('sends the tools that it sends on Converse, as the caller wrote them, with the last cache point behind them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ topics: fc.subarray(TOPICS), called: fc.option(fc.constantFrom(...TOPICS)) }), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.integer({ min: 1, max: 3 }),
        fc.subarray(TOPICS, { maxLength: 1 }),
        fc.uniqueArray(fc.nat(TOOLS.length - 1), { maxLength: 2 }),
        fc.boolean(),
        async (turns, maxTools, forced, points, served) => {
          const messages: MessageLike[] = turns.flatMap(({ topics, called }, turn) => [
            { role: 'user', content: [{ text: `See to ${topics.join(' and ')}.` }] },
            ...(called === null
              ? []
              : [
                  {
                    role: 'assistant',
                    content: [{ toolUse: { toolUseId: `${turn}`, name: called, input: {} } }],
                  },
                  {
                    role: 'user',
                    content: [{ toolResult: { toolUseId: `${turn}`, content: [{ text: '1' }] } }],
                  },
                ]),
            ...(turn === turns.length - 1 ? [] : [{ role: 'assistant', content: [{ text: 'Done.' }] }]),
          ]);
          const [name] = forced;
          const lever = toolLever({ maxTools, always: true }, 'enforce');
          const converse = await sendThrough(lever, 'Converse', {
            modelId: UNPRICED,
            messages,
            toolConfig: { tools: TOOLS, ...(name === undefined ? {} : { toolChoice: { tool: { name } } }) },
          });
          const { toolConfig } = converse.sent.input as { toolConfig: { tools: typeof TOOLS } };
          const ttls = new Map(points.sort().map((place, index) => [place, index === 0 ? '1h' : '5m']));
          const tools: Json[] = [
            ...TOOLS.map(({ toolSpec: { inputSchema, ...spec } }, index) => {
              const ttl = ttls.get(index);
              const control = ttl === undefined ? {} : { cache_control: { type: 'ephemeral', ttl } };
              return { ...spec, input_schema: inputSchema.json, strict: true, ...control };
            }),
            ...(served ? [{ type: 'bash_20250124', name: 'bash' }] : []),
          ];
          const body = {
            anthropic_version: 'bedrock-2023-05-31',
            max_tokens: 9,
            tools,
            ...(name === undefined ? {} : { tool_choice: { type: 'tool', name } }),
            messages: anthropicMessages(messages),
          };
          const { request, sent } = await sendThrough(lever, 'InvokeModel', {
            modelId: UNPRICED,
            body: JSON.stringify(body),
          });
          const ours = JSON.parse((sent.input as { body: string }).body) as typeof body;
          if (toolConfig.tools.length === TOOLS.length) {
            expect(sent).toBe(request);
            return;
          }
          const names = [
            ...(served ? ['bash'] : []),
            ...toolConfig.tools.map(({ toolSpec }) => toolSpec.name),
          ];
          expect(ours.tools.map((tool) => tool['name'])).toEqual(names);
          const unmarked = ({ cache_control: _, ...tool }: Json): Json => tool;
          for (const tool of ours.tools)
            expect(unmarked(tool)).toEqual(
              unmarked(tools.find((one) => one['name'] === tool['name']) as Json),
            );
          const marks = ours.tools.map((tool) => (tool['cache_control'] as { ttl: string } | undefined)?.ttl);
          expect(marks).toEqual(
            names.map((_, at) => (at < names.length - 1 ? undefined : [...ttls.values()].at(-1))),
          );
          expect({ ...ours, tools: 0 }).toEqual({ ...body, tools: 0 });
        },
      ),
      { numRuns: 20 },
    );
  });
});
