import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { planSync, syncEmbeddings } from '@costkit/embeddings';

const options = {
  client: new BedrockRuntimeClient({ region: 'us-east-1' }),
  model: 'amazon.titan-embed-text-v2:0',
  source: [
    { id: 'returns.md', text: '# Returns\n\nThe customer pays for the return.' },
    { id: 'delivery.md', text: '# Delivery\n\nA parcel takes three days.' },
  ],
};

const plan = await planSync(options);
console.log(`${plan.embed.texts} texts to embed, at most ${plan.embed.highest}`);

const report = await syncEmbeddings({ ...options, maxUsd: 1 });
console.log(`${report.embedded.cost} paid; all of it anew would cost ${report.full.cost}`);
