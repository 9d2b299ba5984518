export { creditRunway } from './credit-runway.js';
export { distillationPayback } from './distillation-payback.js';
export { estimateWorkload } from './estimate-workload.js';
export { PLAYBOOK_EXAMPLE } from './playbook-example.js';
export { provisionedThroughputBreakEven } from './provisioned-throughput.js';
export { ragVersusLongContext } from './rag-versus-long-context.js';
export { rankLevers } from './rank-levers.js';
export type { BatchLever } from './workload.js';
