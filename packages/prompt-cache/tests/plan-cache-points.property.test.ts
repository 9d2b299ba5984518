import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planCachePoints } from '../src/index.js';
import {
  anthropicViolations,
  CLAUDE_IDS,
  converseViolations,
  NOVA_IDS,
  novaViolations,
  REFUSING_IDS,
  withoutPoints,
} from './cache-point-checker.js';
import { anthropicBody, anyConverseInput, anyOwnPoints, novaBody, withOwnPoints } from './random-requests.js';

const anyPrefix = fc.constantFrom('', 'us.', 'eu.', 'global.');
const anyOptions = fc.record(
  { ttl: fc.constantFrom('5m' as const, '1h' as const), conversation: fc.boolean() },
  { requiredKeys: [] },
);

const bodyOf = (input: { readonly body?: unknown }): Record<string, unknown> =>
  JSON.parse(
    typeof input.body === 'string' ? input.body : new TextDecoder().decode(input.body as Uint8Array),
  ) as Record<string, unknown>;

describe('planCachePoints', () => {
  it('never makes a Converse request that Bedrock refuses, and changes nothing but cache points', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CLAUDE_IDS, ...NOVA_IDS, ...REFUSING_IDS),
        anyPrefix,
        anyConverseInput,
        anyOwnPoints,
        anyOptions,
        (id, prefix, plain, own, options) => {
          const modelId = prefix + id;
          const input = { modelId, ...withOwnPoints(plain, own) };
          // What the caller broke stays the caller's: only valid requests have to stay valid.
          fc.pre(converseViolations(modelId, input).length === 0);
          const before = structuredClone(input);
          const plan = planCachePoints(input, options);
          expect(converseViolations(modelId, plan.input)).toEqual([]);
          expect(withoutPoints(plan.input)).toEqual(withoutPoints(input));
          expect(input).toEqual(before);
        },
      ),
    );
  });

  it('never makes an Anthropic Messages body that Bedrock refuses', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CLAUDE_IDS),
        anyPrefix,
        anyConverseInput,
        anyOptions,
        (id, prefix, plain, options) => {
          const modelId = prefix + id;
          const body = anthropicBody(plain);
          const plan = planCachePoints({ modelId, body: JSON.stringify(body) }, options);
          const planned = bodyOf(plan.input);
          expect(anthropicViolations(modelId, planned)).toEqual([]);
          expect(normalised(withoutPoints(planned))).toEqual(normalised(body));
        },
      ),
    );
  });

  it('never makes a Nova body that Bedrock refuses', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...NOVA_IDS),
        anyPrefix,
        anyConverseInput,
        anyOptions,
        (id, prefix, plain, options) => {
          const modelId = prefix + id;
          const body = JSON.parse(JSON.stringify(novaBody(plain))) as Record<string, unknown>;
          const plan = planCachePoints({ modelId, body: JSON.stringify(body) }, options);
          const planned = bodyOf(plan.input);
          expect(novaViolations(modelId, planned)).toEqual([]);
          expect(withoutPoints(planned)).toEqual(body);
        },
      ),
    );
  });

  it('always places a point when the system prompt is far above every minimum', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CLAUDE_IDS, ...NOVA_IDS),
        anyPrefix,
        anyConverseInput,
        (id, prefix, plain) => {
          const system = [{ text: 'The refund policy grants thirty days to every customer. '.repeat(1000) }];
          const { points } = planCachePoints({
            modelId: prefix + id,
            ...plain,
            toolConfig: undefined,
            system,
          });
          expect(points.length).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('removes points that another model refuses, and keeps to its rules', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CLAUDE_IDS),
        fc.constantFrom(...NOVA_IDS, ...REFUSING_IDS, 'anthropic.claude-3-7-sonnet-20250219-v1:0'),
        anyConverseInput,
        anyOwnPoints,
        (from, to, plain, own) => {
          const input = { modelId: from, ...withOwnPoints(plain, own) };
          fc.pre(converseViolations(from, input).length === 0);
          const plan = planCachePoints(input, { model: to });
          expect(converseViolations(to, plan.input)).toEqual([]);
        },
      ),
    );
  });
});

/** A text is the same as a list of one text block: a cache point needs the list. */
function normalised(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const body = value as { system?: unknown; messages: { content: unknown }[] };
  const blocks = (content: unknown): unknown =>
    typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  return {
    ...body,
    ...(body.system === undefined ? {} : { system: blocks(body.system) }),
    messages: body.messages.map((message) => ({ ...message, content: blocks(message.content) })),
  };
}
