/**
 * How fast alerts notice incidents, and how often they are wrong, on SYNTHETIC weeks made from real traces:
 *
 *     npx tsx --conditions=@costkit/source bench/alerts.ts [--seeds 100] [--traffic 1] [--json]
 *
 * Reads the traces from ../shared/data beside the repository; without them it says so and ends. The detectors were
 * tuned on seeds from 1001 on; the figures in docs/guides/meter.md are of seeds 1 to 100.
 */
import { parseArgs } from 'node:util';
import { type AnomalyAlert, callbackChannel, createAlerts } from '@costkit/meter/alerts';
import {
  type Incident,
  type IncidentKind,
  randomOf,
  START_MS,
  syntheticWeeks,
  WEEK_MS,
  type Workload,
} from '../packages/meter/tests/synthetic-weeks.js';
import { poissonInterval, quantile, quantileInterval, wilsonInterval } from './intervals.js';
import { azureMinutes, hasTraces, mooncakeMinutes } from './traces.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const INCIDENT_MS = 6 * HOUR_MS;
/** What an incident leaves behind, e.g. a mean that has not come down yet, is no false alarm. */
const AFTERMATH_MS = 2 * HOUR_MS;
const LEARNING_WEEKS = 3;
const CLEAN_WEEKS = 2;
const INCIDENT_WEEK = LEARNING_WEEKS + CLEAN_WEEKS;

/** Which alert names an incident by its cause. */
const CAUSES: Readonly<Record<IncidentKind, readonly string[]>> = {
  loop: ['spike', 'drift'],
  growth: ['drift', 'spike'],
  prompt: ['prompt'],
  cache: ['cache'],
  model: ['model'],
};
const KINDS = Object.keys(CAUSES) as readonly IncidentKind[];

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    traffic: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});

const OPUS_4_1 = 'us.anthropic.claude-opus-4-1-20250805-v1:0';

/** Four features of an application that spends about $800 a week. */
const workloads = (): readonly Workload[] => [
  {
    feature: 'chat',
    model: 'us.anthropic.claude-sonnet-5-5',
    dearModel: OPUS_4_1,
    callsAtPeak: 240,
    minutes: mooncakeMinutes('mooncake_conversation'),
  },
  {
    feature: 'documents',
    model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
    dearModel: 'us.anthropic.claude-opus-5-5',
    callsAtPeak: 90,
    minutes: mooncakeMinutes('mooncake_synthetic'),
  },
  {
    feature: 'assistant',
    model: 'us.anthropic.claude-opus-5-5',
    dearModel: OPUS_4_1,
    callsAtPeak: 400,
    minutes: azureMinutes('azure2023_conv'),
  },
  {
    feature: 'code',
    model: 'us.anthropic.claude-opus-5-5',
    dearModel: OPUS_4_1,
    callsAtPeak: 150,
    minutes: azureMinutes('azure2023_code'),
  },
];

/** One incident of each kind, each on a day of its own, in any feature and at any time. */
function plant(seed: number, features: readonly string[]): Incident[] {
  const random = randomOf(seed * 31_337);
  const days = [0, 1, 2, 3, 4, 5, 6]
    .map((day) => ({ day, order: random() }))
    .sort((one, other) => one.order - other.order);
  return KINDS.map((kind, index) => {
    // Only prompts that are read from a cache can lose it.
    const own = kind === 'cache' ? ['chat'] : features;
    const feature = own[Math.floor(random() * own.length)] as string;
    const time = Math.floor(random() * (DAY_MS - INCIDENT_MS));
    const startsAtMs = START_MS + INCIDENT_WEEK * WEEK_MS + (days[index]?.day ?? 0) * DAY_MS + time;
    return { kind, feature, startsAtMs, endsAtMs: startsAtMs + INCIDENT_MS };
  });
}

interface Outcome {
  readonly kind: IncidentKind;
  /** Until the first alert in the incident's scope; infinite when there was none while it lasted. */
  readonly delayMinutes: number;
  /** Whether an alert named the cause. */
  readonly named: boolean;
}

interface Tally {
  learning: number;
  clean: number;
  beside: number;
  receipts: number;
  readonly outcomes: Outcome[];
}

function outcomeOf({ kind, startsAtMs, endsAtMs }: Incident, alerts: readonly AnomalyAlert[]): Outcome {
  const during = alerts.filter(({ at }) => at.getTime() < endsAtMs);
  const first = during[0]?.at.getTime() ?? Number.POSITIVE_INFINITY;
  return {
    kind,
    delayMinutes: (first - startsAtMs) / 60_000,
    named: during.some(({ anomaly }) => CAUSES[kind].includes(anomaly)),
  };
}

function run(
  seed: number,
  all: readonly Workload[],
  weeks: ReturnType<typeof syntheticWeeks>,
  tally: Tally,
): void {
  const told: AnomalyAlert[] = [];
  const alerts = createAlerts({
    per: 'feature',
    channels: [callbackChannel((alert) => void (alert.kind === 'anomaly' && told.push(alert)))],
  });
  const incidents = plant(
    seed,
    all.map(({ feature }) => feature),
  );
  for (let week = 0; week <= INCIDENT_WEEK; week += 1) {
    for (const receipts of weeks(week, seed, week === INCIDENT_WEEK ? incidents : [])) {
      tally.receipts += receipts.length;
      for (const receipt of receipts) alerts.write(receipt);
    }
    if (week === INCIDENT_WEEK) break;
    tally[week < LEARNING_WEEKS ? 'learning' : 'clean'] += told.splice(0).length;
  }
  for (const incident of incidents) {
    const own = told.filter(
      ({ scope, at }) =>
        scope === `feature=${incident.feature}` &&
        at.getTime() >= incident.startsAtMs &&
        at.getTime() < incident.endsAtMs + AFTERMATH_MS,
    );
    tally.outcomes.push(outcomeOf(incident, own));
    tally.beside -= own.length;
  }
  tally.beside += told.length;
}

function summary(tally: Tally, seeds: number) {
  const rate = (count: number, weeks: number) => ({
    perWeek: count / weeks,
    interval95: poissonInterval(count).map((bound) => bound / weeks),
  });
  return {
    synthetic: true,
    seeds,
    receipts: tally.receipts,
    falseAlarms: {
      learningWeeks: rate(tally.learning, seeds * LEARNING_WEEKS),
      cleanWeeks: rate(tally.clean, seeds * CLEAN_WEEKS),
      besideIncidents: rate(tally.beside, seeds),
    },
    incidents: Object.fromEntries(
      KINDS.map((kind) => {
        const own = tally.outcomes.filter((outcome) => outcome.kind === kind);
        const delays = own.map(({ delayMinutes }) => delayMinutes).sort((one, other) => one - other);
        const noticed = delays.filter(Number.isFinite).length;
        const named = own.filter((outcome) => outcome.named).length;
        return [
          kind,
          {
            planted: own.length,
            noticed,
            noticed95: wilsonInterval(noticed, own.length),
            named,
            medianMinutes: quantile(delays, 0.5),
            median95: quantileInterval(delays, 0.5),
            p90Minutes: quantile(delays, 0.9),
            p90_95: quantileInterval(delays, 0.9),
          },
        ];
      }),
    ),
  };
}

function table(result: ReturnType<typeof summary>): string {
  const minutes = (value: number): string => (Number.isFinite(value) ? value.toFixed(1) : 'never');
  const range = ([low = 0, high = 0]: readonly number[], show: (value: number) => string): string =>
    `${show(low)} to ${show(high)}`;
  const rates = Object.entries(result.falseAlarms).map(
    ([name, { perWeek, interval95 }]) =>
      `  ${name.padEnd(16)} ${perWeek.toFixed(2)} a week (95 %: ${range(interval95, (value) => value.toFixed(2))})`,
  );
  const rows = Object.entries(result.incidents).map(
    ([kind, one]) =>
      `  ${kind.padEnd(8)} noticed ${one.noticed} of ${one.planted}, by its cause ${one.named};` +
      ` median ${minutes(one.medianMinutes)} min (${range(one.median95, minutes)}),` +
      ` p90 ${minutes(one.p90Minutes)} min (${range(one.p90_95, minutes)})`,
  );
  return [
    `SYNTHETIC weeks from real traces, ${result.seeds} seeds, ${result.receipts.toLocaleString('en-US')} receipts`,
    'false alarms, all four scopes together',
    ...rates,
    'incidents of six hours, at any time of the week',
    ...rows,
    '',
  ].join('\n');
}

if (!hasTraces()) {
  process.stdout.write('skipped: no traces, ../shared/data is not beside the repository\n');
} else {
  const seeds = Number(values.seeds);
  const from = Number(values.from);
  const traffic = Number(values.traffic);
  const all = workloads().map((workload) => ({ ...workload, callsAtPeak: workload.callsAtPeak * traffic }));
  const weeks = syntheticWeeks(all);
  const tally: Tally = { learning: 0, clean: 0, beside: 0, receipts: 0, outcomes: [] };
  for (let seed = from; seed < from + seeds; seed += 1) run(seed, all, weeks, tally);
  const result = summary(tally, seeds);
  process.stdout.write(values.json ? `${JSON.stringify(result, undefined, 2)}\n` : table(result));
}
