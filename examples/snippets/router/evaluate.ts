import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { evaluateTiers, exactGrader, policyFrom, readEvaluationCases } from '@costkit/router/evaluation';

const report = await evaluateTiers({
  client: new BedrockRuntimeClient({ region: 'us-east-1' }),
  cases: readEvaluationCases(new URL('mail-cases.jsonl', import.meta.url)),
  tiers: [
    { name: 'cheap', modelId: 'us.anthropic.claude-haiku-5-5' },
    { name: 'strong', modelId: 'us.anthropic.claude-opus-5-5' },
  ],
  grade: exactGrader(),
  maxUsd: 5,
});

for (const { task, tiers } of report.tasks) console.log(task, tiers[0]?.comparison?.summary);
// Review it, and put it into version control.
console.log(JSON.stringify(policyFrom(report, { maxLoss: 0.03 }), null, 2));
