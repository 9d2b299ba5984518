import { randomUUID } from 'node:crypto';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { type Dollars, type LocalBedrock, startLocalBedrock } from '@costkit/local';
import { BudgetExceededError, createMeter, withMeter } from '@costkit/meter';
import type { CatalogueModel } from '@costkit/pricing';
import { CACHE_PROBES } from './cache-probes.js';
import { compareFacts, type Difference } from './compare-facts.js';
import { type Facts, NotAsked, type Probe, type ProbeBench } from './probe.js';
import { REFUSAL_PROBES } from './refusal-probes.js';
import { ANSWER_TOKENS, USAGE_PROBES } from './usage-probes.js';

const PROBES: readonly Probe[] = [...USAGE_PROBES, ...CACHE_PROBES, ...REFUSAL_PROBES];

/** A model to ask. */
export interface VerifiedModel {
  readonly modelId: string;
  readonly model: CatalogueModel;
}

/** What a probe has come to for one model. */
export interface Verification {
  readonly probe: string;
  readonly about: string;
  readonly modelId: string;
  /** `wording`: the same but for the words of an error. `expected`: only the local Bedrock was asked. */
  readonly status: 'same' | 'wording' | 'differs' | 'not asked' | 'expected';
  readonly local: Facts;
  readonly live?: Facts;
  readonly differences: readonly Difference[];
  /** Why the service was not asked. */
  readonly reason?: string;
}

/** What `costkit verify` has found. */
export interface VerifyResult {
  readonly verifications: readonly Verification[];
  /** What the local Bedrock billed for the same requests: the forecast. */
  readonly forecast: Dollars;
  /** What the receipts of the service's answers come to; absent without `live`. */
  readonly spent?: Dollars;
}

/** How to verify. */
export interface VerifyOptions {
  readonly models: readonly VerifiedModel[];
  readonly region: string;
  /** The client of the service; absent: only the local Bedrock is asked, for the forecast. */
  readonly live?: BedrockRuntimeClient;
  /** The most that the service's answers may cost. */
  readonly maxUsd: number;
  /** Options of the local Bedrock. */
  readonly startLocal?: () => Promise<LocalBedrock>;
  /** Told before each probe of each model. */
  readonly onProgress: (doing: string) => void;
}

interface Question {
  readonly probe: Probe;
  readonly model: VerifiedModel;
}

/** What is asked of which model. */
export function questionsFor(models: readonly VerifiedModel[]): readonly Question[] {
  return models.flatMap((model) =>
    PROBES.filter((probe) => probe.appliesTo(model.model)).map((probe) => ({ probe, model })),
  );
}

/**
 * Asks the local Bedrock and the service the same, and says where they differ: what the local one does is what
 * costkit assumes. The service's answers cost at most `maxUsd`, which an enforced budget holds.
 */
export async function runVerify(options: VerifyOptions): Promise<VerifyResult> {
  const { models, region, live, maxUsd, onProgress } = options;
  const start = options.startLocal ?? ((): Promise<LocalBedrock> => startLocalBedrock({ region }));
  const bedrock = await start();
  const local = new BedrockRuntimeClient(bedrock.clientConfig);
  const meter = createMeter({
    maxOutputTokens: ANSWER_TOKENS,
    budgets: [{ name: 'verify', limitUsd: maxUsd, period: 'total', onExceed: 'block' }],
  });
  const metered = live && withMeter(live, { meter });
  try {
    const verifications: Verification[] = [];
    for (const { probe, model } of questionsFor(models)) {
      onProgress(`${probe.name}, ${model.modelId}`);
      const salt = randomUUID();
      const expected = await probe.ask({ client: local, salt, ...model });
      const found = metered && (await askLive(probe, { client: metered, salt, ...model }, expected));
      verifications.push(verificationOf(probe, model.modelId, expected, found));
    }
    const forecast = bedrock.bill().total;
    return {
      verifications,
      forecast,
      ...(metered && { spent: meter.report().total.cost }),
    };
  } finally {
    local.destroy();
    await bedrock.stop();
  }
}

/** How the service says that an account may not ask, or not now. */
const NOT_ANSWERED: ReadonlySet<unknown> = new Set([
  'AccessDeniedException',
  'ExpiredTokenException',
  'InvalidSignatureException',
  'ServiceQuotaExceededException',
  'ServiceUnavailableException',
  'ThrottlingException',
  'UnrecognizedClientException',
]);

/** The facts, or why there are none. */
async function askLive(probe: Probe, bench: ProbeBench, expected: Facts): Promise<Facts | string> {
  try {
    const found = await probe.ask(bench);
    const { outcome, wording } = found;
    return NOT_ANSWERED.has(outcome) && outcome !== expected['outcome'] ? `${outcome}: ${wording}` : found;
  } catch (error) {
    if (!(error instanceof NotAsked)) throw error;
    return BudgetExceededError.isInstance(error.cause)
      ? 'The limit of dollars has no room for it.'
      : error.message;
  }
}

function verificationOf(
  { name: probe, about }: Probe,
  modelId: string,
  local: Facts,
  found: Facts | string | undefined,
): Verification {
  const head = { probe, about, modelId, local };
  if (found === undefined) return { ...head, status: 'expected', differences: [] };
  if (typeof found === 'string') return { ...head, status: 'not asked', differences: [], reason: found };
  const differences = compareFacts(local, found);
  const status =
    differences.length === 0
      ? 'same'
      : differences.every(({ wordingOnly }) => wordingOnly)
        ? 'wording'
        : 'differs';
  return { ...head, status, live: found, differences };
}
