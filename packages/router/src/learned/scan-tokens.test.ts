import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIGITS, LETTERS, SIGN, scanTokens, type TokenKind } from './scan-tokens.js';

function tokensOf(text: string): { readonly token: string; readonly kind: TokenKind }[] {
  const tokens: { token: string; kind: TokenKind }[] = [];
  scanTokens(text, (start, end, kind) => tokens.push({ token: text.slice(start, end), kind }));
  return tokens;
}

describe('scanTokens', () => {
  it('tells letters, digits and signs apart', () => {
    expect(tokensOf(' It costs $12.50,\n“naïve” 東京!! ')).toEqual([
      { token: 'It', kind: LETTERS },
      { token: 'costs', kind: LETTERS },
      { token: '$', kind: SIGN },
      { token: '12', kind: DIGITS },
      { token: '.', kind: SIGN },
      { token: '50', kind: DIGITS },
      { token: ',', kind: SIGN },
      { token: '“', kind: SIGN },
      { token: 'naïve', kind: LETTERS },
      { token: '”', kind: SIGN },
      { token: '東京', kind: LETTERS },
      { token: '!', kind: SIGN },
      { token: '!', kind: SIGN },
    ]);
  });

  it('finds what a regular expression finds, in any text', () => {
    const texts = fc.oneof(
      fc.array(fc.nat(0x10_ffff), { maxLength: 20 }).map((points) => String.fromCodePoint(...points)),
      fc.string({
        unit: fc.constantFrom(
          'a',
          'Z',
          'é',
          '𝒜',
          '7',
          '𝟟',
          '٣',
          ' ',
          '\u00a0',
          '\n',
          '-',
          '🙂',
          '\ud83d',
          '\u0301',
        ),
      }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(tokensOf(text).map(({ token }) => token)).toEqual(
          text.match(/\p{L}+|\p{N}+|[^\s\p{L}\p{N}]/gu) ?? [],
        );
      }),
    );
  });
});
