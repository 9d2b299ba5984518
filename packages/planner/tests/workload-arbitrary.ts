import fc from 'fast-check';
import type { TaskLevers, Workload, WorkloadTask } from '../src/workload.js';

const MODELS = [
  'global.anthropic.claude-sonnet-4-5-20250929-v1:0',
  'us.anthropic.claude-opus-4-6-v1',
  'us.anthropic.claude-haiku-4-5-20251001-v1:0',
  'amazon.nova-pro-v1:0',
  'amazon.nova-micro-v1:0',
  'global.anthropic.claude-haiku-5-5',
] as const;

const share = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);
const model = fc.constantFrom(...MODELS);
const usdPerMonth = fc.integer({ min: 0, max: 5_000 });

const leversOf = (inputTokens: number): fc.Arbitrary<TaskLevers> =>
  fc.record(
    {
      routing: fc.record({ model, share }),
      caching: fc.oneof(
        fc.record({ prefixTokens: fc.integer({ min: 0, max: inputTokens }) }),
        fc.record({ prefixTokens: fc.integer({ min: 0, max: inputTokens }), hitShare: share }),
      ),
      batch: fc.record({ share }),
      outputLimits: fc.record({ savedShare: share }),
      provisioned: fc.record({ share, usdPerMonth }),
      context: fc.record({ inputTokens: fc.integer({ min: 0, max: inputTokens }), usdPerMonth }),
      distillation: fc.record({ model, share, usdPerMonth }),
    },
    { requiredKeys: [] },
  );

const task = (name: string): fc.Arbitrary<WorkloadTask> =>
  fc.integer({ min: 0, max: 150_000 }).chain((inputTokens) =>
    fc.record(
      {
        name: fc.constant(name),
        model,
        requestsPerMonth: fc.integer({ min: 0, max: 2_000_000 }),
        inputTokens: fc.constant(inputTokens),
        outputTokens: fc.integer({ min: 0, max: 4_000 }),
        modes: share.map((batch) => ({ standard: 1 - batch, batch })),
        levers: leversOf(inputTokens),
      },
      { requiredKeys: ['name', 'model', 'requestsPerMonth', 'inputTokens', 'outputTokens'] },
    ),
  );

/** Workloads of one or two tasks with any levers, some without a price. */
export const workloads: fc.Arbitrary<Workload> = fc.record(
  {
    tasks: fc.oneof(fc.tuple(task('first')), fc.tuple(task('first'), task('second'))),
    services: fc.tuple(fc.record({ name: fc.constant('vectors'), usdPerMonth })),
    levers: fc.record({ metering: fc.record({ wasteShare: share }) }, { requiredKeys: [] }),
  },
  { requiredKeys: ['tasks'] },
);
