import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { startLocalBedrock } from '@costkit/local';
import { costkit, meterOf, receiptOf, withTags } from 'costkit';

// A Bedrock of its own, so that the example runs without an account. In your application: your client, as it is.
const bedrock = await startLocalBedrock();
const bare = new BedrockRuntimeClient(bedrock.clientConfig);

const client = costkit(bare);

const system = [{ text: 'You answer questions about deliveries. '.repeat(300) }];
for (const question of ['Where is my parcel?', 'When does it arrive?', 'Who delivers it?']) {
  const output = await withTags({ feature: 'support' }, () =>
    client.send(
      new ConverseCommand({
        modelId: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
        system,
        messages: [{ role: 'user', content: [{ text: question }] }],
      }),
    ),
  );
  const receipt = receiptOf(output);
  console.log(`${question} cost ${receipt?.cost}, saved ${receipt?.saved}`);
  for (const { lever, action, reason } of receipt?.decisions ?? [])
    console.log(`  ${lever}: ${action}. ${reason}`);
}

const report = meterOf(client)?.report({ by: ['feature', 'servedModel'] });
console.log(`In all ${report?.total.cost}; the bill says ${bedrock.bill().total}.`);
if (report?.total.cost.picoUsd !== bedrock.bill().total.picoUsd)
  throw new Error('The receipts disagree with the bill.');

bare.destroy();
await bedrock.stop();
