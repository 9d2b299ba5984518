import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { deriveClient, type Lever, leverPlugin, receiptOf } from '@costkit/core';

/** Asks once more where the answer came out empty: slots around the call may call what follows more than once. */
const again: Lever = {
  name: 'again',
  slot: 'shape',
  mode: 'enforce',
  around: async (view, call, next) => {
    const answer = await next(view);
    if (answer.view === undefined || answer.view.text !== '' || call.signal?.aborted === true) return answer;
    call.decide({ lever: 'again', mode: 'enforce', action: 'asked again', reason: 'The answer was empty.' });
    return next(view);
  },
};

const client = deriveClient(new BedrockRuntimeClient({ region: 'us-east-1' }), leverPlugin('again', [again]));
const output = await client.send(
  new ConverseCommand({
    modelId: 'us.amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text: 'Say hello.' }] }],
  }),
);
console.log(receiptOf(output)?.attempts.length, String(receiptOf(output)?.cost));
