import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { costOf, Money } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { provisionedThroughputBreakEven, type TraceRequest } from '../src/index.js';

const TRACES = fileURLToPath(new URL('../../../../shared/data/traces/', import.meta.url));
const MODEL = 'meta.llama3-1-70b-instruct-v1:0';
/** An assumption like any other: nobody publishes it. */
const UNIT = { inputTokensPerMinute: 900_000, outputTokensPerMinute: 90_000, source: 'assumed' };
const HOURS_OF_TRACE_IN_MONTH = 730;

function readTrace(name: string): TraceRequest[] {
  const text = gunzipSync(readFileSync(`${TRACES}${name}.jsonl.gz`)).toString();
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const {
        t,
        timestamp,
        in: input,
        out,
        input_length,
        output_length,
      } = JSON.parse(line) as Record<string, number>;
      return {
        atMs: timestamp ?? (t as number),
        inputTokens: (input ?? input_length) as number,
        outputTokens: (out ?? output_length) as number,
      };
    });
}

describe.skipIf(!existsSync(TRACES))(
  'provisioned throughput on recorded arrivals [needs ../shared/data]',
  () => {
    it.each(['azure2023_conv', 'azure2023_code', 'mooncake_conversation', 'mooncake_synthetic'])(
      'weighs %s, whose dollars and peaks are counted again here',
      (name) => {
        const trace = readTrace(name);
        const plan = provisionedThroughputBreakEven({ model: MODEL, trace, unit: UNIT });
        const minutes = new Map<number, { input: number; output: number }>();
        const start = Math.min(...trace.map(({ atMs }) => atMs));
        let usd = Money.zero;
        for (const { atMs, inputTokens, outputTokens } of trace) {
          const at = Math.floor((atMs - start) / 60_000);
          const { input, output } = minutes.get(at) ?? { input: 0, output: 0 };
          minutes.set(at, { input: input + inputTokens, output: output + outputTokens });
          const usage = { input: inputTokens, output: outputTokens, cacheRead: 0 };
          usd = usd.plus(
            costOf({ ...usage, cacheWrite5m: 0, cacheWrite1h: 0, cacheWrite30m: 0 }, { model: MODEL }).total,
          );
        }
        const span = Math.max(...minutes.keys()) + 1;
        const month = (usd.usd * 60 * HOURS_OF_TRACE_IN_MONTH) / span;
        expect(plan.onDemand?.usd).toBeCloseTo(month, 4);
        const loadOf = ({ input, output }: { input: number; output: number }): number =>
          Math.max(input / UNIT.inputTokensPerMinute, output / UNIT.outputTokensPerMinute);
        const loads = [...minutes.values()].map(loadOf);
        for (const { units, usdPerUnitHour, total, commitment } of plan.commitments) {
          // The best number of units costs no more than one unit more or fewer, counted minute by minute.
          const costWith = (count: number): number => {
            const served = [...minutes.values()].reduce((sum, minute) => {
              const load = loadOf(minute);
              const overflow = load === 0 ? 0 : Math.max(0, 1 - count / load);
              return sum + overflow * (minute.input + minute.output) * 0.72e-6;
            }, 0);
            return (
              count * Number(usdPerUnitHour.toUsdString()) * HOURS_OF_TRACE_IN_MONTH +
              (served * 60 * HOURS_OF_TRACE_IN_MONTH) / span
            );
          };
          expect(total?.usd, commitment).toBeCloseTo(costWith(units), 2);
          for (const other of [units - 1, units + 1].filter((count) => count >= 0)) {
            expect(costWith(units), `${commitment} with ${other}`).toBeLessThanOrEqual(
              costWith(other) + 1e-6,
            );
          }
        }
        expect(Math.max(...loads)).toBeGreaterThan(0);
        expect(plan.peakToMean).toBeGreaterThan(1);
      },
    );
  },
);
