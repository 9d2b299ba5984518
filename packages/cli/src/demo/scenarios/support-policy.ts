import type { RoutingPolicy } from '@costkit/router';
import { ASSUMPTIONS } from './support-assumptions.js';

/**
 * Which task may leave the frontier model, and on what evidence. A real one comes out of an evaluation on the
 * application's own cases; this one states the accuracies that the demo's simulated models are given.
 */
export const ROUTING_POLICY: RoutingPolicy = {
  version: 1,
  createdAt: '2026-11-01',
  provenance: { source: 'stated for the demo; its models are simulated' },
  tasks: {
    lookup: {
      tier: 'small',
      evidence: {
        model: 'anthropic.claude-haiku-5-5',
        baselineModel: 'anthropic.claude-opus-5',
        evaluatedAt: '2026-11-01',
        cases: 346,
        score: ASSUMPTIONS.cheapAccuracy.lookup,
        baselineScore: ASSUMPTIONS.frontierAccuracy.lookup,
      },
    },
    enrich: {
      tier: 'bulk',
      evidence: {
        model: 'amazon.nova-2-lite-v1:0',
        baselineModel: 'anthropic.claude-opus-5',
        evaluatedAt: '2026-11-01',
        cases: 346,
        score: ASSUMPTIONS.cheapAccuracy.enrich,
        baselineScore: ASSUMPTIONS.frontierAccuracy.enrich,
      },
    },
  },
};
