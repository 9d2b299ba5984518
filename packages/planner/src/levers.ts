import type { LeverEffort, TaskLevers, WorkloadLevers } from './workload.js';

/** The playbook's nine levers, in its order. */
export type LeverName =
  | 'routing'
  | 'caching'
  | 'batch'
  | 'outputLimits'
  | 'provisioned'
  | 'context'
  | 'embeddings'
  | 'metering'
  | 'credits';

/** What is said about a lever whatever the workload. */
export interface LeverDescription {
  /** Name in results. */
  readonly lever: LeverName;
  /** Title for people. */
  readonly title: string;
  /** How much work it usually is. */
  readonly effort: LeverEffort;
  /** What can go wrong. */
  readonly risk: string;
  /** Where it pays most. */
  readonly bestFor: string;
  /** The fields of a task's `levers` that it consists of. */
  readonly moves: readonly (keyof TaskLevers)[];
  /** The field of a workload's `levers`, where it belongs to no task. */
  readonly whole?: keyof WorkloadLevers;
}

/** All nine levers: the order of the waterfall. */
export const LEVERS: readonly LeverDescription[] = [
  {
    lever: 'routing',
    title: 'Cheaper models',
    effort: 'medium',
    risk: 'answers get worse where no evaluation has shown that they do not',
    bestFor: 'many easy requests on a large model',
    moves: ['routing'],
  },
  {
    lever: 'caching',
    title: 'Prompt caching',
    effort: 'low',
    risk: 'writes that nobody reads cost more than no cache',
    bestFor: 'long prefixes that come again within minutes',
    moves: ['caching'],
  },
  {
    lever: 'batch',
    title: 'Batch inference',
    effort: 'medium',
    risk: 'answers take up to a day; no prompt cache, no tools',
    bestFor: 'nightly jobs, enrichment, evaluation',
    moves: ['batch'],
  },
  {
    lever: 'outputLimits',
    title: 'Output limits',
    effort: 'low',
    risk: 'answers are cut where the cap is too low',
    bestFor: 'long answers that nobody reads to the end',
    moves: ['outputLimits'],
  },
  {
    lever: 'provisioned',
    title: 'Provisioned throughput',
    effort: 'high',
    risk: 'capacity is paid when nobody calls, for the whole term',
    bestFor: 'steady load around the clock, custom models',
    moves: ['provisioned'],
  },
  {
    lever: 'context',
    title: 'Retrieval, shorter context, distillation',
    effort: 'high',
    risk: 'what retrieval misses, or the student never learnt, is missing from the answer',
    bestFor: 'long documents asked seldom; one narrow task in large volume',
    moves: ['context', 'distillation'],
  },
  {
    lever: 'embeddings',
    title: 'Embeddings and vector store',
    effort: 'medium',
    risk: 'slower queries on a cheaper store',
    bestFor: 'corpora that are embedded anew although little changed',
    moves: [],
    whole: 'embeddings',
  },
  {
    lever: 'metering',
    title: 'Metering and budgets',
    effort: 'low',
    risk: 'a budget that is too tight refuses calls',
    bestFor: 'everybody, on day one: without it no other saving can be shown',
    moves: [],
    whole: 'metering',
  },
  {
    lever: 'credits',
    title: 'Credits',
    effort: 'low',
    risk: 'they end: the bill is the same, only somebody else pays it for a while',
    bestFor: 'startups whose usage the credits may pay',
    moves: [],
    whole: 'credits',
  },
];
