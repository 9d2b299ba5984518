import { UnknownModelError } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { checkWorkload } from './check-workload.js';
import type { Workload, WorkloadTask } from './workload.js';

const TASK: WorkloadTask = {
  name: 'chat',
  model: 'amazon.nova-lite-v1:0',
  requestsPerMonth: 10,
  inputTokens: 1_000,
  outputTokens: 200,
};
const withTask = (change: object): Workload => ({ tasks: [{ ...TASK, ...change }] });
const withLevers = (levers: object): Workload => withTask({ levers });

describe('checkWorkload', () => {
  it.each<[string, unknown]>([
    ['options', 'a text'],
    ['options', null],
    ['options', []],
    ['tasks', {}],
    ['tasks', { tasks: [] }],
    ['tasks', { tasks: 'many' }],
    ['colour', { tasks: [TASK], colour: 'blue' }],
    ['at', { tasks: [TASK], at: 'yesterday' }],
    ['region', { tasks: [TASK], region: '' }],
    ['tasks[1].name', { tasks: [TASK, TASK] }],
    ['tasks[0].model', withTask({ model: undefined })],
    ['tasks[0].requestsPerMonth', withTask({ requestsPerMonth: Number.NaN })],
    ['tasks[0].requestsPerMonth', withTask({ requestsPerMonth: -1 })],
    ['tasks[0].requestsPerMonth', withTask({ requestsPerMonth: 1e16 })],
    ['tasks[0].inputTokens', withTask({ inputTokens: 1.5 })],
    ['tasks[0].outputTokens', withTask({ outputTokens: '200' })],
    ['tasks[0].modes', withTask({ modes: { standard: 0.5 } })],
    ['tasks[0].modes.turbo', withTask({ modes: { turbo: 1 } })],
    ['tasks[0].modes.batch', withTask({ modes: { batch: 2, standard: -1 } })],
    ['tasks[0].cachedPrefix.tokens', withTask({ cachedPrefix: { tokens: 2_000, hitShare: 0.5 } })],
    ['tasks[0].cachedPrefix.hitShare', withTask({ cachedPrefix: { tokens: 100 } })],
    ['tasks[0].cachedPrefix.ttl', withTask({ cachedPrefix: { tokens: 100, hitShare: 1, ttl: '2h' } })],
    ['tasks[0].levers.magic', withLevers({ magic: {} })],
    ['tasks[0].levers.routing.model', withLevers({ routing: { share: 1 } })],
    [
      'tasks[0].levers.routing.share',
      withLevers({ routing: { model: 'amazon.nova-micro-v1:0', share: 1.1 } }),
    ],
    ['tasks[0].levers.batch.share', withLevers({ batch: { share: { low: 0.9, expected: 0.5, high: 1 } } })],
    [
      'tasks[0].levers.batch.share',
      withLevers({ batch: { share: { low: 0, expected: 1, high: 1, mode: 1 } } }),
    ],
    ['tasks[0].levers.batch.effort', withLevers({ batch: { share: 1, effort: 'some' } })],
    ['tasks[0].levers.caching.prefixTokens', withLevers({ caching: { prefixTokens: 1_001 } })],
    ['tasks[0].levers.provisioned.usdPerMonth', withLevers({ provisioned: { share: 1 } })],
    ['services[0].usdPerMonth', { tasks: [TASK], services: [{ name: 'x' }] }],
    ['services[0].name', { tasks: [TASK], services: [{ name: 'Bedrock', usdPerMonth: 1 }] }],
    [
      'levers.embeddings.service',
      { tasks: [TASK], levers: { embeddings: { service: 'x', savedShare: 0.5 } } },
    ],
    ['levers.credits.pools[0].usd', { tasks: [TASK], levers: { credits: { pools: [{ name: 'x' }] } } }],
  ])('names %s when it is wrong', (option, workload) => {
    expect(() => checkWorkload(workload as Workload)).toThrow(
      expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION', option }),
    );
  });

  it('knows models only by the catalogue, in levers too', () => {
    expect(() => checkWorkload(withTask({ model: 'acme.super-1' }))).toThrow(UnknownModelError);
    expect(() => checkWorkload(withLevers({ routing: { model: 'Ünïcode', share: 1 } }))).toThrow(
      UnknownModelError,
    );
  });
});
