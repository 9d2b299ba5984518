import { describe, expect, it } from 'vitest';
import { guardrailUnits, hasGuardrailUnits } from './guardrail-units.js';
import { NO_USAGE } from './usage.js';

const assessment = (contentPolicyUnits: number, wordPolicyUnits = 0) => ({
  contentPolicy: { filters: [{ type: 'INSULTS', confidence: 'NONE', action: 'NONE' }] },
  invocationMetrics: {
    guardrailProcessingLatency: 12,
    usage: { contentPolicyUnits, wordPolicyUnits, automatedReasoningPolicies: 7 },
    guardrailCoverage: { textCharacters: { guarded: 9, total: 9 } },
  },
});

describe('guardrailUnits', () => {
  it('sums input and output as Converse nests them', () => {
    const trace = {
      inputAssessment: { gr: assessment(2, 1) },
      outputAssessments: { gr: [assessment(3), assessment(4)] },
    };
    expect(guardrailUnits(trace)).toEqual({
      'guardrail.contentPolicyUnits': 9,
      'guardrail.wordPolicyUnits': 1,
    });
  });

  it('sums them as InvokeModel nests them, beside the text of the model', () => {
    const trace = {
      modelOutput: ['some text'],
      input: { gr: assessment(1) },
      outputs: [{ gr: assessment(5) }],
    };
    expect(guardrailUnits(trace)).toMatchObject({ 'guardrail.contentPolicyUnits': 6 });
  });

  it.each([undefined, null, 'trace', 5, [], {}, { inputAssessment: null }, { input: { gr: {} } }])(
    'finds nothing in %j',
    (trace) => {
      expect(guardrailUnits(trace)).toEqual({});
    },
  );

  it('passes over counts that are none', () => {
    const usage = { contentPolicyUnits: '3', topicPolicyUnits: null };
    expect(guardrailUnits({ input: { gr: { invocationMetrics: { usage } } } })).toEqual({});
    expect(guardrailUnits({ input: { gr: { invocationMetrics: null } } })).toEqual({});
  });
});

describe('hasGuardrailUnits', () => {
  it('tells a guardrail from other units', () => {
    expect(hasGuardrailUnits(NO_USAGE)).toBe(false);
    expect(hasGuardrailUnits({ ...NO_USAGE, units: { image: 1 } })).toBe(false);
    expect(hasGuardrailUnits({ ...NO_USAGE, units: { 'guardrail.topicPolicyUnits': 0 } })).toBe(true);
  });
});
