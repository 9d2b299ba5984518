import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { simulatedModel, startLocalBedrock } from '@costkit/local';

const questions = [
  { core: 'How long does a refund take?', answer: 'five working days', difficulty: 'easy' },
  { core: 'Which customs form does a violin need?', answer: 'a CITES permit', difficulty: 'hard' },
];
const shared = { questions, source: 'assumed, for this example' };
const brevity = { shareOfTokensKept: 0.4, source: 'assumed, for this example' };

const bedrock = await startLocalBedrock({
  models: {
    'amazon.nova-lite-v1:0': simulatedModel({
      ...shared,
      accuracy: { easy: 0.95, hard: 0.4 },
      verbosityTokens: { mean: 350, spread: 50 },
      brevity,
    }),
    'amazon.nova-pro-v1:0': simulatedModel({
      ...shared,
      accuracy: { easy: 0.99, hard: 0.85 },
      verbosityTokens: { mean: 550, spread: 50 },
      brevity,
    }),
  },
});
const client = new BedrockRuntimeClient(bedrock.clientConfig);

for (const model of ['us.amazon.nova-lite-v1:0', 'us.amazon.nova-pro-v1:0']) {
  for (const { core, answer } of questions) {
    const { output, usage } = await client.send(
      new ConverseCommand({ modelId: model, messages: [{ role: 'user', content: [{ text: core }] }] }),
    );
    const right = output?.message?.content?.[0]?.text?.includes(answer);
    console.log(model, right ? 'right' : 'wrong', usage?.outputTokens);
  }
}
console.log(String(bedrock.bill().total));

client.destroy();
await bedrock.stop();
