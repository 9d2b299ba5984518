import type { Receipt } from '@costkit/core';
import type { AnomalyAlert, AnomalyKind } from './alert-types.js';
import type { Change } from './change-detector.js';
import type { ModelRate } from './model-rate.js';
import { recentSpend } from './recent-spend.js';
import { type SignalWatch, signalWatch } from './signal-watch.js';
import { type CallSignal, callSignals } from './signals.js';

/** Something that is wrong in a scope now. It is said with every receipt; the book of incidents says it once. */
export type Finding = Omit<AnomalyAlert, 'kind' | 'scope' | 'reason'>;

/** One scope's baselines. */
export interface ScopeWatch {
  /** Takes a receipt; `found` is called for what is wrong. Constant time, but for hours that have ended since. */
  take(receipt: Receipt, atMs: number, found: (finding: Finding) => void): void;
}

export interface ScopeWatchOptions {
  readonly minUsd: number;
  readonly hourOfWeek: (atMs: number) => number;
  readonly rateOf: ModelRate;
}

const SLOT_MS = 300_000;
const HOUR_MS = 3_600_000;
const WEEK_MS = 168 * HOUR_MS;
/** A spike costs at least so many times what is expected, … */
const SPIKE_RATIO = 2.5;
/** … and is so many standard deviations away: the tails of sums of a few dear calls are long. */
const SPIKE_SIGMAS = 6;
/** A steady rise by less is growth. */
const DRIFT_RATIO = 1.3;

interface CallWatch {
  readonly signal: CallSignal;
  readonly watch: SignalWatch;
  sum: number;
  count: number;
}

const dollars = (root: number): number => Math.max(0, root) ** 2;

/**
 * Spending is watched as its square root: a sum of N calls has a variance in proportion to its mean, so the root's
 * spread is the same by day and by night (Bartlett, Anscombe). The figures of calls are means over a slot.
 */
export function scopeWatch({ minUsd, hourOfWeek, rateOf }: ScopeWatchOptions): ScopeWatch {
  const spend = signalWatch({
    leastRise: (expected) => (Math.sqrt(DRIFT_RATIO) - 1) * expected,
    noiseUnit: (expected) => expected,
  });
  const calls: readonly CallWatch[] = callSignals(rateOf).map((signal) => ({
    signal,
    watch: signalWatch({ leastRise: () => signal.leastRise, noiseUnit: () => 1 }),
    sum: 0,
    count: 0,
  }));
  const recent = recentSpend();
  let slotStart = Number.NaN;
  let slotUsd = 0;
  let dearest: { readonly model: string; readonly rate: number } | undefined;
  let dearestBefore: typeof dearest;
  let spikeAboveUsd = Number.POSITIVE_INFINITY;

  const setSpikeLimit = (): void => {
    const { expected, sigma } = spend;
    spikeAboveUsd =
      expected === undefined
        ? Number.POSITIVE_INFINITY
        : Math.max(
            dollars(expected) * SPIKE_RATIO,
            dollars(expected + SPIKE_SIGMAS * sigma),
            dollars(expected) + minUsd,
          );
  };

  const closeSlot = (): void => {
    const startedAtMs = slotStart;
    spend.closeSlot({ startedAtMs, value: Math.sqrt(slotUsd), weight: 1, usd: slotUsd });
    for (const call of calls) {
      call.watch.closeSlot({
        startedAtMs,
        value: call.count === 0 ? 0 : call.sum / call.count,
        weight: call.count,
        usd: slotUsd,
      });
      call.sum = 0;
      call.count = 0;
    }
    slotUsd = 0;
    slotStart += SLOT_MS;
    if (slotStart % HOUR_MS === 0) {
      const ended = hourOfWeek(startedAtMs);
      const next = hourOfWeek(slotStart);
      spend.closeHour(ended, next);
      for (const { watch } of calls) watch.closeHour(ended, next);
    }
    setSpikeLimit();
  };

  /** Closes the slots that have ended. After a week of silence, or when the clock was set back, time starts anew. */
  const moveTo = (atMs: number): void => {
    const start = Math.floor(atMs / SLOT_MS) * SLOT_MS;
    if (start - slotStart > WEEK_MS || slotStart - start > HOUR_MS || Number.isNaN(slotStart)) {
      slotStart = start;
      slotUsd = 0;
      for (const call of calls) {
        call.sum = 0;
        call.count = 0;
      }
    }
    if (slotStart < start) {
      dearestBefore = dearest;
      dearest = undefined;
    }
    while (slotStart < start) closeSlot();
  };

  const findingOf = (
    anomaly: AnomalyKind,
    change: Change,
    atMs: number,
    unit: Finding['unit'],
    show: (value: number) => number,
  ): Finding => ({
    anomaly,
    at: new Date(atMs),
    since: new Date(change.sinceMs),
    observed: show(change.mean),
    expected: show(change.expected),
    unit,
    spentUsd: change.usd,
  });

  return {
    take: (receipt, atMs, found) => {
      const before = slotStart;
      moveTo(atMs);
      const usd = receipt.cost?.usd ?? 0;
      slotUsd += usd;
      recent.add(usd, Math.max(atMs, slotStart));
      if (receipt.quality === 'measured') {
        for (const call of calls) {
          const value = call.signal.read(receipt);
          if (value === undefined) continue;
          call.sum += value;
          call.count += 1;
        }
        const rate = rateOf(receipt) ?? 0;
        if (rate > (dearest?.rate ?? 0)) dearest = { model: receipt.servedModel, rate };
      }
      if (recent.usd > spikeAboveUsd) {
        found({
          anomaly: 'spike',
          at: new Date(atMs),
          since: new Date(Math.max(atMs - SLOT_MS, 0)),
          observed: recent.usd,
          expected: dollars(spend.expected ?? 0),
          unit: 'usd in 5 minutes',
          spentUsd: recent.usd,
        });
      }
      // What follows changes with the end of a slot only.
      if (slotStart === before) return;
      const drift = spend.change;
      if (drift !== undefined && drift.usd >= minUsd)
        found(findingOf('drift', drift, atMs, 'usd in 5 minutes', dollars));
      for (const { signal, watch } of calls) {
        const { change } = watch;
        if (change === undefined || change.usd < minUsd) continue;
        const finding = findingOf(signal.anomaly, change, atMs, signal.unit, signal.show);
        found(
          signal.anomaly === 'model' && dearestBefore !== undefined
            ? { ...finding, model: dearestBefore.model }
            : finding,
        );
      }
    },
  };
}
