import { readFile } from 'node:fs/promises';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { receiptOf } from '@costkit/core';
import { type RouterRecord, trainRouter, withRouter } from '@costkit/router';

// One line a prompt: { prompt, task?, outcomes: { cheap: { score, usd }, strong: { score, usd } } }
const lines = await readFile(new URL('graded-mails.jsonl', import.meta.url), 'utf8');
const records: RouterRecord[] = lines
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

const model = await trainRouter(records, {
  cheap: 'cheap',
  strong: 'strong',
  target: { keepShareOfStrongQuality: 0.8, delta: 0.2 },
});
console.log(`${model.threshold?.cheapShare} of the mails may go to the cheap tier`);

const client = withRouter(new BedrockRuntimeClient({ region: 'us-east-1' }), {
  tiers: [
    { name: 'cheap', modelId: 'us.anthropic.claude-haiku-5-5' },
    { name: 'strong', modelId: 'us.anthropic.claude-opus-5-5' },
  ],
  learned: { model },
});

const answer = await client.send(
  new ConverseCommand({
    modelId: 'us.anthropic.claude-opus-5-5',
    messages: [{ role: 'user', content: [{ text: 'Where is my parcel?' }] }],
  }),
);
console.log(receiptOf(answer)?.servedModel, receiptOf(answer)?.decisions[0]?.reason);
