import { planCachePoints } from '@costkit/prompt-cache';

const { input, points, economics } = planCachePoints({
  modelId: 'us.anthropic.claude-sonnet-5',
  system: [{ text: 'A customer may return every product within thirty days of its delivery. '.repeat(200) }],
  messages: [{ role: 'user', content: [{ text: 'May I return a hat?' }] }],
});

console.log(input.system.length, 'system blocks, one of them a cache point');
console.log(points[0]?.purpose, points[0]?.tokens, 'tokens');
console.log('write', String(economics?.writePremium), 'saves', String(economics?.savingPerRead), 'per read');
console.log('paid back after', economics?.readsToBreakEven, 'reads');
