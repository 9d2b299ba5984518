import { type BudgetStore, memoryBudgetStore } from '@costkit/meter';
import { budgetStoreContract } from '@costkit/meter/testing';

/** Stands for a store of your own: it answers later, as a server does. */
function myBudgetStore(options: Parameters<typeof memoryBudgetStore>[0]): BudgetStore {
  const store = memoryBudgetStore(options);
  return { ...store, reserve: async (entry) => store.reserve(entry) };
}

// Each case throws when the store breaks a rule; any test runner will do.
for (const { name, run } of budgetStoreContract({
  open: ({ leaseMs, clock }) => ({ store: myBudgetStore({ leaseMs, clock }) }),
})) {
  await run();
  console.log(`ok: ${name}`);
}
