import { distillationPayback } from '@costkit/planner';

const plan = distillationPayback({
  teacher: 'meta.llama3-1-70b-instruct-v1:0',
  student: 'meta.llama3-1-8b-instruct-v1:0',
  requestsPerMonth: 400_000,
  inputTokens: 1_200,
  outputTokens: 150,
  studentShare: 0.8,
  training: { prompts: 5_000, epochs: 2, evaluationUsd: 25 },
});

console.log(
  `once ${plan.once.total}, saves ${plan.savedPerMonth} a month, back after ${plan.paybackMonths} months`,
);
console.log(`never below ${plan.neverBelow.value} requests a month; AWS says the pair is ${plan.pair}`);
