import { Money, type Receipt } from '@costkit/core';
import { costOf, type Usage } from '@costkit/pricing';
import { aReceipt } from './a-receipt.js';

/**
 * Weeks of receipts for measuring alerts. SYNTHETIC: calls are drawn from given minutes (those of a real trace, or made
 * up), as many as a stated daily and weekly profile says; incidents are planted.
 */

/** One call as a trace has it. */
export interface TracedCall {
  readonly input: number;
  readonly output: number;
  /** The part of `input` that a prompt cache would have held. */
  readonly cacheRead: number;
}

/** What one feature of the application sends. */
export interface Workload {
  readonly feature: string;
  readonly model: string;
  readonly dearModel: string;
  /** Calls in the busiest hour of the week. */
  readonly callsAtPeak: number;
  /** Consecutive minutes of calls. */
  readonly minutes: readonly (readonly TracedCall[])[];
}

export type IncidentKind = 'loop' | 'growth' | 'prompt' | 'cache' | 'model';

export interface Incident {
  readonly kind: IncidentKind;
  readonly feature: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

/** The stated profile: share of the peak by hour of a working day; weekends have 30 % of it. */
const HOURS_OF_DAY: readonly number[] = [
  0.12, 0.09, 0.08, 0.08, 0.09, 0.14, 0.25, 0.45, 0.72, 0.92, 1, 0.97, 0.82, 0.9, 0.98, 0.95, 0.85, 0.68, 0.5,
  0.42, 0.36, 0.3, 0.22, 0.16,
];
const WEEKEND = 0.3;
/** Log-normal noise that a whole day, and a whole hour, have in common; growth from week to week. */
const DAY_NOISE = 0.12;
const HOUR_NOISE = 0.08;
const GROWTH_A_WEEK = 0.03;
/** Consecutive minutes of the trace that are taken together, so that its own rhythm stays. */
const RUN_MINUTES = 10;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
export const WEEK_MS = 168 * HOUR_MS;
/** A Monday. */
export const START_MS: number = Date.parse('2026-09-07T00:00:00Z');

/** What the planted incidents do. */
const LOOP_CALLS_A_MINUTE = 20;
const GROWTH_TO = 3;
const PROMPT_FACTOR = 2.5;
const DEAR_SHARE = 0.4;

/** mulberry32 */
export function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function normalOf(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function poisson(mean: number, random: () => number): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normalOf(random)));
  const limit = Math.exp(-mean);
  let product = random();
  let count = 0;
  while (product > limit) {
    product *= random();
    count += 1;
  }
  return count;
}

type Variant = 'plain' | Exclude<IncidentKind, 'loop' | 'growth'>;

/** Usage and price of a call, with and without an incident; counted once for each call of a trace. */
function templates(workload: Workload): (call: TracedCall, variant: Variant) => Partial<Receipt> {
  const made = new Map<TracedCall, Partial<Record<Variant, Partial<Receipt>>>>();
  return (call, variant) => {
    const own = made.get(call) ?? {};
    made.set(call, own);
    const known = own[variant];
    if (known !== undefined) return known;
    const factor = variant === 'prompt' ? PROMPT_FACTOR : 1;
    const cacheRead = variant === 'cache' ? 0 : call.cacheRead;
    const usage: Usage = {
      input: Math.round((call.input - cacheRead) * factor),
      output: call.output,
      cacheRead: Math.round(cacheRead * factor),
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      cacheWrite30m: 0,
    };
    const model = variant === 'model' ? workload.dearModel : workload.model;
    const { total } = costOf(usage, { model, region: 'us-east-1' });
    const cost = Money.fromUsd(total.toUsdString());
    const template = aReceipt({
      usage,
      cost,
      baseline: cost,
      latencyMs: 0,
      tags: { feature: workload.feature },
      servedModel: model.replace(/^us\./, ''),
    });
    own[variant] = template;
    return template;
  };
}

/** One week of one feature, in order of time. */
function* weekOf(
  workload: Workload,
  makeTemplate: ReturnType<typeof templates>,
  week: number,
  incidents: readonly Incident[],
  random: () => number,
): Generator<Receipt> {
  const { minutes, callsAtPeak, feature } = workload;
  const meanOfMinute = minutes.reduce((sum, { length }) => sum + length, 0) / minutes.length;
  let position = 0;
  let day = 1;
  for (let hour = 0; hour < 168; hour += 1) {
    if (hour % 24 === 0) day = Math.exp(DAY_NOISE * normalOf(random));
    const profile = (HOURS_OF_DAY[hour % 24] ?? 0) * (hour >= 120 ? WEEKEND : 1);
    const rate =
      (callsAtPeak / 60) *
      profile *
      day *
      Math.exp(HOUR_NOISE * normalOf(random)) *
      (1 + GROWTH_A_WEEK) ** week;
    for (let minute = 0; minute < 60; minute += 1) {
      if (minute % RUN_MINUTES === 0) position = Math.floor(random() * minutes.length);
      const atMs = START_MS + week * WEEK_MS + hour * HOUR_MS + minute * MINUTE_MS;
      const incident = incidents.find(
        (one) => one.feature === feature && atMs >= one.startsAtMs && atMs < one.endsAtMs,
      );
      const block = minutes[(position + (minute % RUN_MINUTES)) % minutes.length] as readonly TracedCall[];
      if (block.length === 0) continue;
      let mean = (rate * block.length) / meanOfMinute;
      if (incident?.kind === 'growth') {
        mean *=
          1 + ((GROWTH_TO - 1) * (atMs - incident.startsAtMs)) / (incident.endsAtMs - incident.startsAtMs);
      }
      let count = poisson(mean, random);
      if (incident?.kind === 'loop') count += LOOP_CALLS_A_MINUTE;
      const times = Array.from({ length: count }, () => random() * MINUTE_MS).sort((one, two) => one - two);
      for (const time of times) {
        const call = block[Math.floor(random() * block.length)] as TracedCall;
        const changes = incident?.kind === 'model' ? random() < DEAR_SHARE : true;
        const variant: Variant =
          incident === undefined || incident.kind === 'loop' || incident.kind === 'growth' || !changes
            ? 'plain'
            : incident.kind;
        yield { ...makeTemplate(call, variant), startedAt: new Date(atMs + time) } as Receipt;
      }
    }
  }
}

/**
 * Receipts of all workloads, feature by feature within a week: scopes do not touch each other, so their order
 * does not matter.
 */
export function syntheticWeeks(
  workloads: readonly Workload[],
): (week: number, seed: number, incidents?: readonly Incident[]) => Iterable<readonly Receipt[]> {
  const makers = workloads.map((workload) => ({ workload, makeTemplate: templates(workload) }));
  return function* (week, seed, incidents = []) {
    for (const [index, { workload, makeTemplate }] of makers.entries()) {
      const random = randomOf(seed * 7_919 + week * 104_729 + index * 1_299_709);
      yield [...weekOf(workload, makeTemplate, week, incidents, random)];
    }
  };
}
