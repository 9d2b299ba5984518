/** What is no price of inference by one of the catalogue's units, in the order in which it is looked for. */
const KINDS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/guardrail/i, 'units of guardrails'],
  [/provisioned|reserved|model-?units?|tpm/i, 'capacity'],
  [/custom(ization|modelimport|-t2i|-storage)|training|storage/i, 'customisation and storage'],
  [
    /knowledge-?base|dataautomation|evaluation|grounding|flows?-|agentcore|promptrouter|prompt-router/i,
    'services around models',
  ],
];

/** What a line is, when its usage type says that it is no inference. Recognised, so that what is unknown is worth reading. */
export function otherThanInference(usageType: string): string | undefined {
  return KINDS.find(([pattern]) => pattern.test(usageType))?.[1];
}
