import type { CostkitConfig } from 'costkit';
import { DEMO_MODELS } from './models.js';
import { ROUTING_POLICY } from './routing-policy.js';

/** One level of the waterfall: what is wrapped around the client from here on. */
export interface DemoStep {
  readonly name: 'naive' | 'routing' | 'prompt caching' | 'output limits' | 'batch';
  /** `undefined`: the bare client. */
  readonly config: CostkitConfig | undefined;
  /** Whether the nightly job goes through batch inference. */
  readonly batch: boolean;
}

const router: NonNullable<CostkitConfig['router']> = {
  tiers: [
    { name: 'small', modelId: DEMO_MODELS.small },
    { name: 'bulk', modelId: DEMO_MODELS.bulk },
    { name: 'frontier', modelId: DEMO_MODELS.frontier },
  ],
  policy: ROUTING_POLICY,
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
export const DEMO_STEPS: readonly DemoStep[] = [
  { name: 'naive', config: undefined, batch: false },
  { name: 'routing', config: routing, batch: false },
  { name: 'prompt caching', config: caching, batch: false },
  { name: 'output limits', config: limits, batch: false },
  { name: 'batch', config: limits, batch: true },
];
