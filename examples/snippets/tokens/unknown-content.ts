import { estimateTokens } from '@costkit/tokens';

const { tokens, unknown } = estimateTokens(
  {
    messages: [
      {
        content: [
          { text: 'What happens in this film?' },
          { video: { format: 'mp4', source: { s3Location: { uri: 's3://films/holiday.mp4' } } } },
        ],
      },
    ],
  },
  { model: 'amazon.nova-lite-v1:0' },
);

console.log(`${tokens} tokens, without the ${unknown.join(' and ')}`);
