import type { RequestView } from '@costkit/core';

/** Policies that are paid, each for itself. Which ones a guardrail has, no request says. */
const PAID_POLICIES = [
  'contentPolicyUnits',
  'topicPolicyUnits',
  'contextualGroundingPolicyUnits',
  'sensitiveInformationPolicyUnits',
] as const;
const CHARACTERS_PER_UNIT = 1_000;
/** Prose has four or five, and code with its indentation no more. */
const MOST_CHARACTERS_PER_TOKEN = 8;

/** Whether the answer will say what the guardrail charged for; without that, receipts and budgets leave it out. */
function isTraced({ features, input }: RequestView): boolean {
  const { guardrailConfig, trace } = input as { guardrailConfig?: { trace?: unknown }; trace?: unknown };
  return features.guardrail && /^enabled/i.test(String(guardrailConfig?.trace ?? trace));
}

/**
 * Most that a guardrail can charge for, by the catalogue's names: a unit of each policy for every 1,000 characters begun
 * of the conversation, and again of the answer.
 */
export function guardrailUnits(view: RequestView, maxTokens: number): Readonly<Record<string, number>> {
  if (!isTraced(view)) return {};
  let characters = 0;
  for (const { section, text } of view.blocks) if (section !== 'tools') characters += text.length;
  const units =
    Math.ceil(characters / CHARACTERS_PER_UNIT) +
    Math.ceil((maxTokens * MOST_CHARACTERS_PER_TOKEN) / CHARACTERS_PER_UNIT);
  return Object.fromEntries(PAID_POLICIES.map((policy) => [`guardrail.${policy}`, units]));
}
