import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { tuneRetrieval } from '@costkit/embeddings';

const text = '# Returns\n\nThe customer pays for the return.\n\n# Delivery\n\nA parcel takes three days.';
const start = text.indexOf('A parcel');

const { best, choices } = await tuneRetrieval({
  client: new BedrockRuntimeClient({ region: 'us-east-1' }),
  model: 'amazon.titan-embed-text-v2:0',
  answerModel: 'us.amazon.nova-2-lite-v1:0',
  source: [{ id: 'handbook.md', text }],
  queries: [
    {
      query: 'How long does a parcel take?',
      evidence: [{ document: 'handbook.md', start, end: start + 26 }],
    },
  ],
  targetRecall: 0.9,
  maxUsd: 0.5,
});
console.log(`${choices.length} ways tried; the cheapest that finds enough:`, best);
