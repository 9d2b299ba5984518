import { viewRequest } from '@costkit/core/views';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTextHash, hashPrefixes, noPrompt } from './hash-prefixes.js';

const input = {
  modelId: 'm',
  system: [{ text: 'Be brief.' }],
  messages: [{ role: 'user', content: [{ text: 'One?' }, { text: 'Two?' }] }],
};
const keys = (request: object, region: string | undefined = 'us-east-1'): readonly number[] => [
  ...hashPrefixes(viewRequest('Converse', request), region, 2, createTextHash()),
];

describe('hashPrefixes', () => {
  it('gives equal prefixes equal keys, in any process', () => {
    expect(keys(structuredClone(input))).toEqual(keys(input));
    expect(new Set(keys(input)).size).toBe(3);
  });

  it('changes every key from the first difference on, and none before it', () => {
    const other = { ...input, messages: [{ role: 'user', content: [{ text: 'Won?' }, { text: 'Two?' }] }] };
    const [one, two] = [keys(input), keys(other)];
    expect(two[0]).toBe(one[0]);
    expect(two[1]).not.toBe(one[1]);
    expect(two[2]).not.toBe(one[2]);
  });

  it('keeps models, Regions and borders between blocks apart', () => {
    expect(keys({ ...input, modelId: 'n' })[0]).not.toBe(keys(input)[0]);
    expect(keys(input, 'eu-west-1')[0]).not.toBe(keys(input)[0]);
    const joined = { ...input, messages: [{ role: 'user', content: [{ text: 'One?T' }, { text: 'wo?' }] }] };
    expect(keys(joined)[2]).not.toBe(keys(input)[2]);
    const moved = { ...input, messages: [{ role: 'assistant', content: input.messages[0]?.content }] };
    expect(keys(moved)[1]).not.toBe(keys(input)[1]);
  });

  it('tells prompts apart whose media differ, hashed anew or beside the prompt before', () => {
    const shown = (pixel: number, inResult: boolean) => {
      const image = { image: { format: 'png', source: { bytes: new Uint8Array(9_000).fill(pixel) } } };
      const first = inResult ? { toolResult: { toolUseId: 'shot', content: [image] } } : image;
      return viewRequest('Converse', {
        ...input,
        messages: [{ role: 'user', content: [first, { text: 'What is it?' }] }],
      });
    };
    for (const inResult of [false, true]) {
      const last = noPrompt();
      const [one, same, other] = [1, 1, 2].map((pixel) => [
        ...hashPrefixes(shown(pixel, inResult), 'us-east-1', 2, createTextHash(), last),
      ]);
      expect(same).toEqual(one);
      expect(other?.[0]).toBe(one?.[0]);
      expect(other?.[1]).not.toBe(one?.[1]);
      expect(other).toEqual([
        ...hashPrefixes(shown(2, inResult), 'us-east-1', 2, createTextHash(), noPrompt()),
      ]);
    }
  });

  it('abandons messages when thinking is switched, and keeps tools and system', () => {
    const thinking = (type: string) =>
      keys({ ...input, additionalModelRequestFields: { thinking: { type } } });
    expect(thinking('enabled')[0]).toBe(keys(input)[0]);
    expect(thinking('enabled')[1]).not.toBe(keys(input)[1]);
    expect(thinking('disabled')[1]).not.toBe(thinking('enabled')[1]);
  });
});

describe('createTextHash', () => {
  it('says the same of a text whether or not it remembers it', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 40 }), { maxLength: 30 }), (parts) => {
        const hash = createTextHash();
        for (const part of parts) {
          const text = part.repeat(20);
          expect(hash(text)).toBe(createTextHash()(text));
          expect(hash(text)).toBe(hash(`${text}`));
        }
      }),
    );
  });

  it('tells texts apart that differ in one character, wherever it is', () => {
    const text = 'The refund policy grants thirty days. '.repeat(100);
    const hashes = new Set([createTextHash()(text)]);
    for (let at = 0; at < text.length; at += 7)
      hashes.add(createTextHash()(`${text.slice(0, at)}#${text.slice(at + 1)}`));
    expect(hashes.size).toBe(1 + Math.ceil(text.length / 7));
  });

  it('has no collisions among many short texts', () => {
    const hash = createTextHash();
    const hashes = new Set(Array.from({ length: 200_000 }, (_, index) => hash(`question ${index}`)));
    expect(hashes.size).toBe(200_000);
  });

  it('goes on when what it may remember is full', () => {
    const hash = createTextHash();
    const texts = Array.from({ length: 12 }, (_, index) => `${index}`.padEnd(400_000, 'x'));
    const first = texts.map(hash);
    expect(texts.map(hash)).toEqual(first);
  });

  it('gives the same keys whatever was hashed before', () => {
    const block = fc.constantFrom('One?', 'Two?', 'Three?').map((text) => ({ text }));
    const request = fc
      .record({
        modelId: fc.constantFrom('m', 'n'),
        system: fc.array(block, { maxLength: 3 }),
        contents: fc.array(fc.array(block, { minLength: 1, maxLength: 3 }), { maxLength: 6 }),
        thinking: fc.constantFrom(undefined, { type: 'enabled' }, { type: 'disabled' }),
      })
      .map(({ contents, thinking, ...rest }) => ({
        ...rest,
        messages: contents.map((content, index) => ({
          role: index % 2 === 0 ? 'user' : 'assistant',
          content,
        })),
        ...(thinking === undefined ? {} : { additionalModelRequestFields: { thinking } }),
      }));
    fc.assert(
      fc.property(fc.array(request, { maxLength: 12 }), fc.boolean(), (requests, whole) => {
        const [hashText, last] = [createTextHash(), noPrompt()];
        for (const one of requests) {
          const view = viewRequest('Converse', one);
          const through = Math.floor((view.blocks.length - 1) / (whole ? 1 : 2));
          expect(hashPrefixes(view, 'r', through, hashText, last)).toEqual(
            hashPrefixes(view, 'r', through, hashText),
          );
        }
      }),
    );
  });
});
