import { vectorStoreCost } from '@costkit/planner';

const plan = vectorStoreCost({
  vectors: 2_000_000,
  dimensions: 1_024,
  queriesPerMonth: 300_000,
  churnPerMonth: 0.1,
  recall: [{ dimensions: 512, type: 'float32', recall: 0.97, source: 'our 500 queries of 2026-11-10' }],
});

for (const { store, perMonth } of plan.stores) console.log(store, String(perMonth));
for (const { value, cheaperAbove } of plan.byQueries)
  console.log(`from ${value} queries a month:`, cheaperAbove);
for (const { dimensions, type, saved, recall } of plan.sizes) {
  if (recall !== 'unknown') console.log(dimensions, type, 'saves', String(saved), 'recall', recall.recall);
}
