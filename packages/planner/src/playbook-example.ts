import type { Workload } from './workload.js';

/**
 * The playbook's example, $9,000 a month that becomes $1,700 (−81 %), as a workload. The playbook states where it
 * starts and where it ends and what each lever can save; the tasks in between are ours, with every saving inside the
 * range that the playbook claims for it: routing 5 to 10 times cheaper, cached tokens up to 90 % less, batch about
 * half, output 20 to 50 % shorter.
 */
export const PLAYBOOK_EXAMPLE: Workload = {
  name: 'The playbook’s example',
  at: '2026-11-22',
  tasks: [
    {
      name: 'assistant',
      model: 'global.anthropic.claude-sonnet-4-5-20250929-v1:0',
      requestsPerMonth: 300_000,
      inputTokens: 4_000,
      outputTokens: 400,
      levers: {
        routing: { model: 'us.amazon.nova-lite-v1:0', share: 0.65 },
        caching: { prefixTokens: 3_000, hitShare: 0.85 },
        outputLimits: { savedShare: 0.2 },
      },
    },
    {
      name: 'enrichment',
      model: 'global.anthropic.claude-sonnet-4-5-20250929-v1:0',
      requestsPerMonth: 400_000,
      inputTokens: 1_500,
      outputTokens: 300,
      levers: {
        batch: { share: 1 },
        routing: { model: 'us.amazon.nova-lite-v1:0', share: 0.65 },
        outputLimits: { savedShare: 0.2 },
      },
    },
  ],
  levers: { credits: { pools: [{ name: 'Activate', usd: 25_000 }] } },
};
