import type { CostkitConfig } from 'costkit';
import type { DemoStep } from '../scenario.js';
import { DEMO_MODELS } from './support-models.js';
import { ROUTING_POLICY } from './support-policy.js';

/** Monday morning. */
export const SUPPORT_START_MS: number = Date.parse('2026-11-16T09:00:00Z');

const router: NonNullable<CostkitConfig['router']> = {
  tiers: [
    { name: 'small', modelId: DEMO_MODELS.small },
    { name: 'bulk', modelId: DEMO_MODELS.bulk },
    { name: 'frontier', modelId: DEMO_MODELS.frontier },
  ],
  policy: ROUTING_POLICY,
  // Which models can be called is a matter of the demo's day, not of today.
  clock: { now: () => SUPPORT_START_MS, monotonicMs: () => 0 },
};

const routing: CostkitConfig = { router, promptCache: false, outputLimit: false };
const caching: CostkitConfig = { ...routing, promptCache: {} };
const limits: CostkitConfig = {
  ...caching,
  outputLimit: {
    mode: 'enforce',
    caps: { lookup: 900, 'order-total': 900, enrich: 600 },
    brevity: true,
  },
};

/** The levers, one after another. Each step keeps what the steps before it put around the client. */
export const SUPPORT_STEPS: readonly [DemoStep, ...DemoStep[]] = [
  { name: 'naive', config: undefined, batch: false },
  { name: 'routing', config: routing, batch: false },
  { name: 'prompt caching', config: caching, batch: false },
  { name: 'output limits', config: limits, batch: false },
  { name: 'batch', config: limits, batch: true },
];
