import { normalOf, randomOf, type TracedCall, type Workload } from './synthetic-weeks.js';

/** Traffic of our own for tests: log-normal prompts and answers, four fifths of them with a warm prefix. */
export function madeUpWorkload(feature: string, seed: number): Workload {
  const random = randomOf(seed);
  const size = (median: number, spread: number): number =>
    Math.max(1, Math.round(median * Math.exp(spread * normalOf(random))));
  const call = (): TracedCall => {
    const input = size(4_000, 0.8);
    const warm = random() < 0.8;
    return {
      input,
      output: size(300, 0.7),
      cacheRead: warm ? Math.round(input * (0.5 + 0.4 * random())) : 0,
    };
  };
  return {
    feature,
    model: 'us.anthropic.claude-sonnet-5-5',
    dearModel: 'us.anthropic.claude-opus-4-1-20250805-v1:0',
    callsAtPeak: 240,
    minutes: Array.from({ length: 60 }, () => Array.from({ length: size(40, 0.3) }, call)),
  };
}
