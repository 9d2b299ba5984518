import type { RequestView } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { converseView, fakeCall, invokeView, pdfOf } from '../tests/call-fixture.js';
import { mediaTokens } from './media-tokens.js';

const CLAUDE = 'anthropic.claude-haiku-4-5-20251001-v1:0';
const NOVA = 'amazon.nova-pro-v1:0';
const showing = (...blocks: object[]): RequestView =>
  converseView({ messages: [{ role: 'user', content: [{ text: 'Sum it up.' }, ...blocks] }] });
const counted = (view: RequestView, model = CLAUDE) => mediaTokens(view, fakeCall(view), model);

describe('mediaTokens', () => {
  it('counts nothing where there are none', () => {
    expect(counted(converseView())).toEqual({ tokens: 0, high: 0, unknown: [] });
  });

  it('counts the pages of a PDF as each model does', () => {
    const view = showing(pdfOf(10));
    expect(counted(view).tokens).toBeCloseTo(4_000, -2);
    expect(counted(view, NOVA).tokens).toBeCloseTo(25_600, -2);
    expect(counted(view).high).toBeGreaterThan(10_000);
    expect(counted(view)).toBe(counted(view));
  });

  it('counts a document of text, which a view shows as media without a text', () => {
    const bytes = Buffer.from('A sentence of a document that is plain text. '.repeat(200));
    const { tokens, unknown } = counted(
      showing({ document: { format: 'txt', name: 'd', source: { bytes } } }),
    );
    expect(tokens).toBeGreaterThan(1_500);
    expect(unknown).toEqual([]);
  });

  it('says what nobody can count', () => {
    const bytes = new Uint8Array(9);
    const word = { document: { format: 'docx', name: 'd', source: { bytes } } };
    const film = { video: { format: 'mp4', source: { bytes } } };
    expect(counted(showing(word, film)).unknown).toEqual(['document', 'video']);
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } };
    const body = { max_tokens: 9, messages: [{ role: 'user', content: [image] }] };
    expect(counted(invokeView(body))).toEqual({ tokens: 0, high: 0, unknown: ['image'] });
  });
});
