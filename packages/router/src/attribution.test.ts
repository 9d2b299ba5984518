import { type ResolvedModel, resolveModel } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { converseView, fakeCall, HAIKU, OPUS } from '../tests/call-fixture.js';
import { attributedModelId, attributionText } from './attribution.js';

const arn = (id: string): string =>
  `arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/${id}`;
const resolved = (modelId: string): ResolvedModel => resolveModel(modelId) as ResolvedModel;
const behind = (profile: string, modelId: string): ResolvedModel => ({
  ...resolved(modelId),
  input: profile,
  reference: 'application-inference-profile',
});
const KNOWN = new Map([
  [arn('opus'), behind(arn('opus'), OPUS)],
  [arn('haiku'), behind(arn('haiku'), HAIKU)],
]);
const call = fakeCall(converseView(), {}, { resolve: (id) => KNOWN.get(id) ?? resolveModel(id) });
const request = (modelId: string) => converseView({ modelId });

describe('attributedModelId', () => {
  const profiles = { models: {}, counterpart: (): string => arn('haiku') };
  const move = (from: string, to: string, map: typeof profiles | undefined): string =>
    attributedModelId({
      requested: KNOWN.get(from) ?? resolved(from),
      target: resolved(to),
      call,
      profiles: map,
    });

  it('is the profile of the target where a profile was asked for', () => {
    expect(move(arn('opus'), HAIKU, profiles)).toBe(arn('haiku'));
  });

  it.each([
    ['no profile was asked for', OPUS, HAIKU, profiles],
    ['there is no map', arn('opus'), HAIKU, undefined],
    ['the map names a profile of another model', arn('opus'), 'us.amazon.nova-lite-v1:0', profiles],
    ['the map names a profile in another scope', arn('opus'), `global.${HAIKU.slice(3)}`, profiles],
  ])('is the target itself where %s', (_name, from, to, map) => {
    expect(move(from, to, map)).toBe(to);
  });
});

describe('attributionText', () => {
  const text = (asked: string, sent: Readonly<Record<string, string>>): string =>
    attributionText(
      request(asked),
      Object.fromEntries(Object.entries(sent).map(([what, id]) => [what, request(id)])),
      call,
    );

  it('says which requests lose their cost tags', () => {
    expect(text(arn('opus'), { call: HAIKU })).toBe(
      ' The call is not booked to its application inference profile.',
    );
    expect(text(arn('opus'), { draft: HAIKU, escalation: arn('opus') })).toBe(
      ' The draft is not booked to its application inference profile.',
    );
    expect(text(arn('opus'), { draft: HAIKU, escalation: OPUS })).toBe(
      ' The draft and the escalation are not booked to its application inference profile.',
    );
  });

  it('says nothing where all are booked, or none was to be', () => {
    expect(text(arn('opus'), { call: arn('haiku') })).toBe('');
    expect(text(OPUS, { call: HAIKU })).toBe('');
  });
});
