import type { Attempt, Money } from '@costkit/core';
import {
  type CostBreakdown,
  costOf,
  type PriceOverride,
  resolveModel,
  type Scope,
  type Tier,
} from '@costkit/pricing';

/** A part of what an attempt used that has one unit price. */
export interface FocusLine {
  /** A kind of token, the catalogue's name of a unit, or `request` where nothing was counted. */
  readonly kind: string;
  readonly count: number;
  /** `undefined`: the price is unknown. */
  readonly cost: Money | undefined;
  /** Pico-dollars per token or unit, as paid; `undefined`: unknown, or of several. */
  readonly rate: number | undefined;
  readonly listCost: Money | undefined;
  /** Pico-dollars per token or unit without what was negotiated. */
  readonly listRate: number | undefined;
}

/** All tokens of an attempt together. */
export const ALL_TOKENS = 'inference';

const TOKEN_KINDS = [
  'input',
  'output',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'cacheWrite30m',
] as const;
const TIERS: ReadonlySet<string> = new Set(['standard', 'flex', 'priority', 'reserved', 'latencyOptimized']);

const line = (kind: string, count: number, fields: Partial<FocusLine> = {}): FocusLine => ({
  kind,
  count,
  cost: undefined,
  rate: undefined,
  listCost: undefined,
  listRate: undefined,
  ...fields,
});

/** The price of an attempt's usage as the catalogue has it, or `undefined` where it is priced in another way. */
function breakdownOf(attempt: Attempt, overrides: readonly PriceOverride[]): CostBreakdown | undefined {
  const { usage, servedModel, modelId, scope, region, mode, startedAt } = attempt;
  const resolved = resolveModel(servedModel);
  const isProvisioned = mode === 'provisioned';
  if (resolved === undefined || !(isProvisioned || mode === 'batch' || TIERS.has(mode))) return undefined;
  return costOf(usage, {
    model: {
      ...resolved,
      input: modelId,
      scope: scope as Scope,
      ...(isProvisioned ? { billing: 'provisioned' } : {}),
    },
    ...(region === 'unknown' ? {} : { region }),
    ...(mode === 'batch'
      ? { batch: true }
      : { tier: isProvisioned ? 'standard' : (mode as Exclude<Tier, 'batch'>) }),
    at: startedAt,
    ...(overrides.length === 0 ? {} : { overrides }),
  });
}

const tokenLines = ({ usage }: Attempt): FocusLine[] =>
  [...TOKEN_KINDS.map((kind) => [kind, usage[kind]] as const), ...Object.entries(usage.units ?? {})]
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => line(kind, count));

/**
 * Splits what an attempt cost into lines of one unit price each. The lines add up to the attempt's own cost, or it stays
 * in one line: the catalogue of today, or without the caller's negotiated prices, may have other rates than the receipt.
 */
export function focusLines(attempt: Attempt, overrides: readonly PriceOverride[]): FocusLine[] {
  const { cost } = attempt;
  const counted = tokenLines(attempt);
  if (cost === undefined) return counted.length === 0 ? [line('request', 1)] : counted;
  if (counted.length === 0 && cost.picoUsd === 0n) return [];
  const paid = breakdownOf(attempt, overrides);
  if (paid === undefined || !paid.complete || !paid.total.equals(cost)) {
    const tokens = TOKEN_KINDS.reduce((sum, kind) => sum + attempt.usage[kind], 0);
    // FOCUS: without a list price the list cost is what is billed.
    const amounts = { cost, listCost: cost };
    return [tokens === 0 ? line('request', 1, amounts) : line(ALL_TOKENS, tokens, amounts)];
  }
  const list = overrides.length === 0 ? paid : breakdownOf(attempt, []);
  return paid.lines.map(({ kind, count, picoUsdPerUnit, amount }) => {
    const listed = list?.lines.find((one) => one.kind === kind);
    return line(kind, count, {
      cost: amount,
      rate: picoUsdPerUnit,
      listCost: listed?.amount ?? amount,
      listRate: listed?.picoUsdPerUnit,
    });
  });
}
