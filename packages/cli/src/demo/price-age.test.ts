import { describe, expect, it } from 'vitest';
import { priceAge } from './price-age.js';

describe('priceAge', () => {
  it('tells the newest price list of AWS from the newest source of prices', () => {
    const sources = new Map([
      ['aws-list-2026-10', '2026-10-08'],
      ['aws-list-2026-08-20', '2026-08-20'],
      ['models.dev-2026-11-10', '2026-11-10'],
      ['aws-user-guide-2026-11', '2026-11-22'],
      ['derived', '2026-11-22'],
    ]);
    expect(priceAge(sources)).toEqual({ awsPriceList: '2026-10-08', newest: '2026-11-10' });
  });

  it('knows the age of the shipped prices', () => {
    expect(priceAge().newest).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });
});
