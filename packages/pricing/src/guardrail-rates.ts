/**
 * Pico-dollars per unit of a guardrail, by its name in `Usage.units`. A text unit is up to 1,000 characters, and
 * each policy of the guardrail counts for itself. No price list of AWS that we could read has them: the four rates are
 * from one third-party copy of the pricing page (github Aditya-Poddar/bedrock-pricing, 2026-02); filters of words and
 * of regular expressions are free. Units of images and of automated reasoning have no known rate.
 */
export const GUARDRAIL_RATES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    contentPolicyUnits: 150_000_000,
    topicPolicyUnits: 150_000_000,
    contextualGroundingPolicyUnits: 100_000_000,
    sensitiveInformationPolicyUnits: 100_000_000,
    sensitiveInformationPolicyFreeUnits: 0,
    wordPolicyUnits: 0,
  }).map(([unit, rate]) => [`guardrail.${unit}`, rate]),
);
