import { isText, type OptionChecks } from '@costkit/core';
import { checkEach, invalid, isCount, isPositiveNumber, isTexts, isUsd, requireFields } from './checks.js';
import type { CreditPool } from './credit-pool.js';

const POOL: OptionChecks<CreditPool> = {
  name: isText,
  usd: isUsd,
  expiresInMonths: isPositiveNumber,
  eligible: isTexts,
  startsInMonths: isCount,
};

/** @throws InvalidOptionError for what cannot be a pool of credits */
export function checkCreditPools(pools: readonly CreditPool[], path: string): void {
  checkEach(pools, POOL, path, ({ name }) => name);
  for (const [index, pool] of pools.entries()) {
    requireFields(pool, ['name', 'usd'], `${path}[${index}].`);
    const { startsInMonths = 0, expiresInMonths = Number.POSITIVE_INFINITY } = pool;
    if (expiresInMonths <= startsInMonths)
      throw invalid(`${path}[${index}].expiresInMonths`, 'is before it starts');
  }
}
