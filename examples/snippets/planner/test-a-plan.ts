import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { rankLevers, type Workload } from '@costkit/planner';

// A workload is plain JSON: keep it in the repository, and let a test say when the bill leaves its range.
const file = new URL('workload.json', import.meta.url);
const workload = JSON.parse(await readFile(file, 'utf8')) as Workload;
const { today, unpriced } = rankLevers(workload);

assert.deepEqual(unpriced, []);
assert.ok(today.usd < 600, `the bill is ${today}`);
