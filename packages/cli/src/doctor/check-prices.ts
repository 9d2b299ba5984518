import { priceAge } from '../demo/price-age.js';
import type { Check } from './check.js';

const DAY_MS = 86_400_000;
const OLD_DAYS = 60;
const TOO_OLD_DAYS = 180;

/** How old the prices are that everything is counted with. */
export function checkPrices(nowMs: number, age: ReturnType<typeof priceAge> = priceAge()): Check {
  const days = Math.max(0, Math.floor((nowMs - Date.parse(age.newest)) / DAY_MS));
  const found = `The newest price source is of ${age.newest}, ${days} days ago; AWS's own list of ${age.awsPriceList}.`;
  if (days <= OLD_DAYS) return { check: 'prices', subject: 'catalogue', status: 'ok', found };
  return {
    check: 'prices',
    subject: 'catalogue',
    status: days > TOO_OLD_DAYS ? 'fail' : 'warn',
    found,
    advice: 'Update costkit, or run `costkit price refresh`.',
  };
}
