import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CachePoint, RequestView } from '../src/index.js';
import { viewRequest } from '../src/views.js';
import { anyPoints, anyRequest, contentOf, reread, withoutPoints } from './random-views.js';

/** Freezes all the way down: an edit in place throws. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}

const EDITS: readonly (readonly [string, (view: RequestView) => RequestView])[] = [
  // A body is one of its family: another family's model would read it otherwise.
  [
    'withModel',
    (view) => view.withModel(view.dialect === 'nova' ? 'us.amazon.nova-pro-v1:0' : 'anthropic.claude-opus-5'),
  ],
  ['withMaxTokens', (view) => view.withMaxTokens(77)],
  ['withCachePoints', (view) => view.withCachePoints([{ afterBlock: 0 }])],
  ['withInstruction', (view) => view.withInstruction('Briefly.')],
  ['withContinuation', (view) => view.withContinuation('Paris is', 'Go on.')],
  ['withMetadata', (view) => view.withMetadata({ team: 'other', feature: 'x' })],
];

/** What a view says of its request. */
const said = ({
  blocks,
  cachePoints,
  maxTokens,
  modelId,
  tags,
  features,
  pinned,
  tier,
  textLength,
}: RequestView) => ({
  blocks,
  cachePoints,
  maxTokens,
  modelId,
  tags,
  features,
  pinned,
  tier,
  textLength,
});

describe('viewRequest', () => {
  it.each(EDITS)('%s leaves the input as it was, and says of itself what its input says', (_, edit) => {
    fc.assert(
      fc.property(anyRequest, ({ operation, input }) => {
        const before = structuredClone(input);
        const view = viewRequest(operation, frozen(input));
        const edited = edit(view);
        expect(input).toEqual(before);
        expect(view.input).toBe(input);
        expect(said(edited)).toEqual(said(reread(edited)));
        expect(said(view)).toEqual(said(viewRequest(operation, before)));
      }),
    );
  });

  it('holds edits one after the other', () => {
    fc.assert(
      fc.property(
        anyRequest,
        fc.array(fc.constantFrom(...EDITS), { maxLength: 5 }),
        ({ operation, input }, edits) => {
          const edited = edits.reduce((view, [, edit]) => edit(view), viewRequest(operation, frozen(input)));
          expect(said(edited)).toEqual(said(reread(edited)));
        },
      ),
    );
  });

  it('places cache points that are read again where they were placed', () => {
    fc.assert(
      fc.property(anyRequest, anyPoints, ({ format, operation, input }, points) => {
        const view = viewRequest(operation, frozen(input));
        const edited = view.withCachePoints(points);
        const placed = reread(edited).cachePoints;
        expect(edited.cachePoints).toEqual(placed);
        const wanted = new Map<number, CachePoint>();
        for (const point of points)
          if (view.blocks[point.afterBlock] !== undefined) wanted.set(point.afterBlock, point);
        if (format === 'Nova') {
          // Only text holds a point there, and none has a time to live.
          for (const index of wanted.keys()) {
            const { kind, section } = view.blocks[index]!;
            if (kind !== 'text' || section === 'tools') wanted.delete(index);
            else wanted.set(index, { afterBlock: index });
          }
        }
        expect(placed).toEqual([...wanted.values()].sort((one, other) => one.afterBlock - other.afterBlock));
      }),
    );
  });

  it('keeps everything but the points when it places or removes points', () => {
    fc.assert(
      fc.property(anyRequest, anyPoints, ({ operation, input }, points) => {
        const view = viewRequest(operation, frozen(input));
        for (const edited of [view.withCachePoints(points), view.withCachePoints([])]) {
          expect(withoutPoints(edited)).toEqual(withoutPoints(view));
          expect(edited.blocks).toEqual(view.blocks);
        }
        expect(reread(view.withCachePoints([])).cachePoints).toEqual([]);
        expect(JSON.stringify(contentOf(view.withCachePoints([])))).not.toMatch(/cache_control|cachePoint/);
      }),
    );
  });

  it('changes only the cap with withMaxTokens, and only the model with withModel', () => {
    fc.assert(
      fc.property(anyRequest, ({ operation, input }) => {
        const view = viewRequest(operation, input);
        const capped = view.withMaxTokens(77);
        expect(capped.maxTokens).toBe(77);
        const strip = (value: unknown): string =>
          JSON.stringify(value, (name, member) =>
            ['maxTokens', 'max_tokens'].includes(name)
              ? undefined
              : name === 'inferenceConfig' &&
                  Object.keys(member as object).every((key) => key === 'maxTokens')
                ? undefined
                : member,
          );
        expect(strip(contentOf(capped))).toBe(strip(contentOf(view)));
        expect(contentOf(view.withModel('other'))).toEqual({
          ...(contentOf(view) as object),
          modelId: 'other',
        });
        expect(view.withModel(view.modelId)).toBe(view);
      }),
    );
  });

  it('puts an instruction behind every block and every point, or nowhere', () => {
    fc.assert(
      fc.property(anyRequest, ({ operation, input }) => {
        const view = viewRequest(operation, input);
        const edited = view.withInstruction('Briefly.');
        if (edited === view) {
          expect(view.blocks.at(-1)?.role).not.toBe('user');
          return;
        }
        expect(edited.blocks.slice(0, -1)).toEqual(view.blocks);
        expect(edited.blocks.at(-1)).toMatchObject({ kind: 'text', role: 'user', text: 'Briefly.' });
        expect(edited.cachePoints).toEqual(view.cachePoints);
      }),
    );
  });

  it('never throws and never edits, whatever the input is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('Converse', 'InvokeModel', 'ConverseStream', 'InvokeModelWithResponseStream'),
        fc.constantFrom(
          'us.amazon.nova-lite-v1:0',
          'anthropic.claude-opus-5',
          'cohere.command-text-v14',
          'x',
          undefined,
        ),
        fc.dictionary(
          fc.constantFrom(
            'messages',
            'system',
            'toolConfig',
            'tools',
            'inferenceConfig',
            'prompt',
            'texts',
            'inputs',
          ),
          fc.jsonValue(),
        ),
        (operation, modelId, members) => {
          for (const input of [
            { modelId, ...members },
            { modelId, body: JSON.stringify(members) },
            { modelId, body: new TextEncoder().encode(JSON.stringify(members)) },
            { modelId, body: 'no json' },
          ]) {
            const view = viewRequest(operation, frozen(input));
            for (const [, edit] of EDITS) edit(view);
            expect([view.features, view.pinned, view.lastUserText, view.systemText]).toHaveLength(4);
          }
        },
      ),
    );
  });
});
