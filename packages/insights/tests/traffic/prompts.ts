import { type Random, randomOf } from './random.js';

const WORDS =
  'account answer before city customer delivery email error family field great house index letter market notice order paper question record shelf store table under value winter yearly zone'.split(
    ' ',
  );

const BOOK_CHARACTERS = 1_000_000;
let book = '';

/** Words of four characters a token, from another page of one long text each time: what is written is seldom the same. */
export function words(tokens: number, random: Random): string {
  if (book === '') {
    const pages = randomOf(20_261_020);
    const text: string[] = [];
    for (let length = 0; length < BOOK_CHARACTERS; ) {
      const word = WORDS[pages.whole(0, WORDS.length - 1)] ?? '';
      text.push(word);
      length += word.length + 1;
    }
    book = text.join(' ');
  }
  const length = Math.round(tokens * 4);
  const from = random.whole(0, BOOK_CHARACTERS - length - 1);
  return book.slice(from, from + length);
}

/** A user's turn. */
export const turn = (text: string, role = 'user'): object => ({ role, content: [{ text }] });

/** A Converse body. */
export function converse(parts: {
  readonly system?: string;
  readonly cachePoint?: '5m' | '1h';
  readonly messages: readonly object[];
  readonly maxTokens?: number;
  readonly tools?: boolean;
}): object {
  const { system, cachePoint, messages, maxTokens, tools } = parts;
  const point =
    cachePoint === undefined
      ? []
      : [{ cachePoint: { type: 'default', ...(cachePoint === '1h' ? { ttl: '1h' } : {}) } }];
  return {
    ...(system === undefined ? {} : { system: [{ text: system }, ...point] }),
    messages,
    ...(maxTokens === undefined ? {} : { inferenceConfig: { maxTokens } }),
    ...(tools === true
      ? {
          toolConfig: {
            tools: [
              {
                toolSpec: {
                  name: 'search',
                  description: 'Finds records.',
                  inputSchema: { json: { type: 'object' } },
                },
              },
            ],
          },
        }
      : {}),
  };
}
