import type { JsonObject } from '../json.js';
import { validation } from '../wire/bedrock-fault.js';

/** Policies that can be part of a guardrail here, with the member of `GuardrailUsage` that counts each. */
const UNITS = {
  content: 'contentPolicyUnits',
  topic: 'topicPolicyUnits',
  word: 'wordPolicyUnits',
  sensitiveInformation: 'sensitiveInformationPolicyUnits',
  sensitiveInformationRegex: 'sensitiveInformationPolicyFreeUnits',
  contextualGrounding: 'contextualGroundingPolicyUnits',
} as const;

/** A policy of a {@link LocalGuardrail}. */
export type GuardrailPolicy = keyof typeof UNITS;

/** Names of all policies. */
export const GUARDRAIL_POLICIES = Object.keys(UNITS) as readonly GuardrailPolicy[];

/**
 * A guardrail of the account. It lets everything pass and is billed: a unit of each policy for every 1,000 characters
 * begun of the conversation's text, and again of the answer's (which text counts is assumed).
 */
export interface LocalGuardrail {
  readonly policies: readonly GuardrailPolicy[];
}

/** The guardrail that a request names, and whether the answer shows its trace. */
export interface AskedGuardrail {
  readonly id: string;
  readonly trace: boolean;
}

/** Units of one assessment, as `GuardrailUsage` of the API has them. */
export type GuardrailUsage = Readonly<Record<(typeof UNITS)[GuardrailPolicy], number>>;

/** What a guardrail did with one request. */
export interface GuardrailRun {
  readonly id: string;
  readonly trace: boolean;
  readonly input: GuardrailUsage;
  readonly output: GuardrailUsage;
}

const CHARACTERS_PER_UNIT = 1_000;

/** @throws {@link BedrockFault} when the account has no such guardrail. */
export function findGuardrail(
  guardrails: Readonly<Record<string, LocalGuardrail>>,
  { id }: AskedGuardrail,
): LocalGuardrail {
  const guardrail = Object.hasOwn(guardrails, id) ? guardrails[id] : undefined;
  if (guardrail === undefined) {
    throw validation('The guardrail identifier or version provided in the request does not exist.');
  }
  return guardrail;
}

/** The units of one text. */
export function assess({ policies }: LocalGuardrail, text: string): GuardrailUsage {
  const units = Math.ceil(text.length / CHARACTERS_PER_UNIT);
  return Object.fromEntries(
    GUARDRAIL_POLICIES.map((policy) => [UNITS[policy], policies.includes(policy) ? units : 0]),
  ) as GuardrailUsage;
}

/** What the bill counts, by the catalogue's names. */
export function billedUnits(run: GuardrailRun | undefined): Readonly<Record<string, number>> {
  if (run === undefined) return {};
  return Object.fromEntries(
    Object.values(UNITS).map((unit) => [`guardrail.${unit}`, run.input[unit] + run.output[unit]]),
  );
}

const assessment = (usage: GuardrailUsage): JsonObject => ({
  invocationMetrics: { guardrailProcessingLatency: 0, usage },
});

/** What Converse shows under `trace.guardrail`. */
export function converseTrace(run: GuardrailRun | undefined): JsonObject | undefined {
  if (run?.trace !== true) return undefined;
  return {
    inputAssessment: { [run.id]: assessment(run.input) },
    outputAssessments: { [run.id]: [assessment(run.output)] },
  };
}

/** What an InvokeModel body gains where a guardrail is attached. */
export function invokeTrace(run: GuardrailRun | undefined): JsonObject {
  if (run === undefined) return {};
  const { id, input, output } = run;
  return {
    'amazon-bedrock-guardrailAction': 'NONE',
    ...(run.trace
      ? {
          'amazon-bedrock-trace': {
            guardrail: { input: { [id]: assessment(input) }, outputs: [{ [id]: assessment(output) }] },
          },
        }
      : {}),
  };
}
