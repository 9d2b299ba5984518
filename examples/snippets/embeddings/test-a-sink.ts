import { memoryStore } from '@costkit/embeddings';
import { sinkContract } from '@costkit/embeddings/testing';

// In a test file: it.each(sinkContract({ open: () => mySink() }))('$name', ({ run }) => run());
for (const { name, run } of sinkContract({ open: () => memoryStore() })) {
  await run();
  console.log(`holds: ${name}`);
}
