import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { evaluateTiers, judgeGrader, readEvaluationCases } from '@costkit/router/evaluation';

const client = new BedrockRuntimeClient({ region: 'us-east-1' });
const report = await evaluateTiers({
  client,
  cases: readEvaluationCases(new URL('mail-cases.jsonl', import.meta.url)),
  tiers: [
    { name: 'cheap', modelId: 'us.anthropic.claude-haiku-5-5' },
    { name: 'strong', modelId: 'us.anthropic.claude-opus-5-5' },
  ],
  grade: judgeGrader({
    client,
    modelId: 'us.amazon.nova-pro-v1:0',
    rubric: 'Friendly, at most three sentences, and promises nothing that the request does not.',
  }),
});

const { agreement, positionDisagreements } = report.judge ?? { agreement: 1, positionDisagreements: 0 };
console.log(
  `Both orders agreed on ${Math.round(100 * agreement)} %; ${positionDisagreements} went by the order.`,
);
console.log(`$${report.gradingUsd} of $${report.spentUsd} were paid for judging.`);
