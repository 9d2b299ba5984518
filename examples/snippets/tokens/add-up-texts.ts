import { estimateText } from '@costkit/tokens';

const chunks = ['The first chunk of a document.', 'Der zweite Abschnitt.', '第三段。'];
const budget = 12;

let used = 0;
const kept = chunks.filter((chunk) => {
  used += estimateText(chunk);
  return used <= budget;
});

console.log(`${kept.length} of ${chunks.length} chunks fit into ${budget} tokens`);
