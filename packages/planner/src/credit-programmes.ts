/** How far a startup is. */
export type StartupStage = 'pre-seed' | 'seed' | 'series-a' | 'later';

/** Who has paid for it so far. */
export type StartupFunding = 'none' | 'institutional';

/** A programme that gives AWS credits. Sums are what third parties report; what AWS grants is an input. */
export interface CreditProgramme {
  readonly name: string;
  readonly kind: 'activate' | 'poc' | 'accelerator';
  readonly minUsd: number;
  readonly maxUsd: number;
  /** Stages that it is for; absent: all. */
  readonly stages?: readonly StartupStage[];
  /** Funding that it asks for; absent: any. */
  readonly funding?: StartupFunding;
  /** What it may pay. */
  readonly pays: string;
  readonly source: string;
  readonly certainty: 'third-party';
}

const SOURCE = 'cloudroutehq.com, read in 2026-11';
const ANY_SERVICE = 'AWS services, Bedrock and its third-party models among them (tokenmix.ai of 2026-06-08)';

/** The pools of the playbook: Activate, proof of concept, accelerator. */
export const CREDIT_PROGRAMMES: readonly CreditProgramme[] = [
  {
    name: 'Activate Builders',
    kind: 'activate',
    minUsd: 1_000,
    maxUsd: 1_000,
    pays: ANY_SERVICE,
    source: SOURCE,
    certainty: 'third-party',
  },
  {
    name: 'Activate Founders',
    kind: 'activate',
    minUsd: 5_000,
    maxUsd: 5_000,
    pays: ANY_SERVICE,
    source: SOURCE,
    certainty: 'third-party',
  },
  {
    name: 'Activate Portfolio',
    kind: 'activate',
    minUsd: 25_000,
    maxUsd: 100_000,
    stages: ['pre-seed', 'seed', 'series-a'],
    funding: 'institutional',
    pays: ANY_SERVICE,
    source: SOURCE,
    certainty: 'third-party',
  },
  {
    name: 'Bedrock proof of concept',
    kind: 'poc',
    minUsd: 10_000,
    maxUsd: 50_000,
    pays: 'Bedrock and services tied closely to it',
    source: SOURCE,
    certainty: 'third-party',
  },
  {
    name: 'Generative AI Accelerator',
    kind: 'accelerator',
    minUsd: 200_000,
    maxUsd: 1_000_000,
    stages: ['pre-seed', 'seed', 'series-a'],
    pays: ANY_SERVICE,
    source: SOURCE,
    certainty: 'third-party',
  },
];

/**
 * Programmes that a startup can ask for. They are suggestions to look into, not promises.
 *
 * @example
 * ```ts
 * import { creditProgrammesFor } from '@costkit/planner';
 *
 * creditProgrammesFor('seed', 'none').map(({ name }) => name);
 * ```
 */
export function creditProgrammesFor(stage: StartupStage, funding: StartupFunding): CreditProgramme[] {
  return CREDIT_PROGRAMMES.filter(
    (programme) =>
      (programme.stages?.includes(stage) ?? true) &&
      (programme.funding === undefined || programme.funding === funding),
  );
}
