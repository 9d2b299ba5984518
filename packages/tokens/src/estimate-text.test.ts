import { get_encoding } from 'tiktoken';
import { afterAll, describe, expect, it } from 'vitest';
import { estimateText } from './estimate-text.js';

const encoding = get_encoding('o200k_base');
afterAll(() => encoding.free());

const SAMPLES: Readonly<Record<string, string>> = {
  prose:
    'The warranty covers defects in materials and workmanship for 24 months from the date of purchase. It does not ' +
    "cover normal wear, and we can't accept a claim without the receipt; please keep it with the manual.",
  names:
    'Dr. Ingeborg Halvorsen of Tromsø met Kwame Asante-Boateng at the Reykjavík conference on biogeochemistry.',
  typescript: `export async function readAll(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
`,
  python: `def running_mean(values, window=3):
    """Return the running mean of \`values\`."""
    total = sum(values[:window])
    for index in range(window, len(values)):
        yield total / window
        total += values[index] - values[index - window]
`,
  json: JSON.stringify({
    orderId: 48213,
    items: [{ sku: 'AB-1200', quantity: 2, price: 19.99 }],
    paid: true,
  }),
  markdown:
    '# Results\n\n| model | tokens |\n| --- | ---: |\n| small | 1,024 |\n| large | 8,192 |\n\n- first\n- second\n',
  german:
    'Die Gewährleistung umfasst Material- und Verarbeitungsfehler und gilt für vierundzwanzig Monate ab Kaufdatum.',
  russian:
    'Гарантия распространяется на дефекты материалов и действует двадцать четыре месяца со дня покупки.',
  chinese:
    '保修期为自购买之日起二十四个月，涵盖材料和工艺缺陷，但不包括正常磨损。申请保修时请提供收据和序列号。',
  japanese:
    '保証期間はご購入日から24か月です。通常の使用による摩耗は対象外となりますので、あらかじめご了承ください。',
  korean: '보증 기간은 구입일로부터 24개월이며 정상적인 마모는 보증 대상에 포함되지 않습니다.',
  arabic: 'يغطي الضمان عيوب المواد والتصنيع لمدة أربعة وعشرين شهرًا من تاريخ الشراء.',
  emoji: 'Great job! 🎉🚀 See you tomorrow 👋🏽',
};

describe('estimateText', () => {
  it('counts nothing for an empty text', () => {
    expect(estimateText('')).toBe(0);
  });

  it.each(Object.entries(SAMPLES))('comes within 35 % of tiktoken on a few words of %s', (_, text) => {
    const actual = encoding.encode_ordinary(text).length;
    expect(Math.abs(estimateText(text) / actual - 1), `${estimateText(text)} for ${actual}`).toBeLessThan(
      0.35,
    );
  });

  it('comes within 5 % of tiktoken on all samples together', () => {
    const text = Object.values(SAMPLES).join('\n\n');
    expect(Math.abs(estimateText(text) / encoding.encode_ordinary(text).length - 1)).toBeLessThan(0.05);
  });

  it('gives the same for a text that it remembers', () => {
    const text = 'a text that is long enough to be remembered '.repeat(30);
    const copy = ['', ...text].join('');
    expect(estimateText(text)).toBe(estimateText(copy));
    for (let index = 0; index < 40; index++) estimateText(`${index} ${text}`);
    expect(estimateText(text)).toBe(estimateText(copy));
  });

  it('is not confused by texts of one length', () => {
    const one = `${'word '.repeat(200)}a`;
    const two = `${'1234 '.repeat(200)}a`;
    expect(one).toHaveLength(two.length);
    const first = estimateText(one);
    expect(estimateText(two)).not.toBe(first);
    expect(estimateText(one)).toBe(first);
  });
});
