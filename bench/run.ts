import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { Benchmark } from './comparison.js';
import { type ComparisonResult, measure } from './measure.js';

// `pnpm bench [name …] [--json]`: measures what costkit itself costs. Compare ratios, not times: machines differ.
const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const known = readdirSync(new URL('.', import.meta.url))
  .filter((name) => name.endsWith('.bench.ts'))
  .map((name) => name.slice(0, -'.bench.ts'.length));
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`no benchmark is called ${unknown.join(', ')}; there are ${known.join(', ')}\n`);
  process.exit(2);
}

const results: ComparisonResult[] = [];
for (const name of positionals.length > 0 ? positionals : known) {
  const { comparisons } = (await import(`./${name}.bench.ts`)) as Benchmark;
  for (const comparison of await comparisons()) {
    const result = await measure(comparison);
    results.push(result);
    if (!values.json) process.stdout.write(table(result));
  }
}
if (values.json) {
  const machine = { node: process.version, cores: availableParallelism() };
  process.stdout.write(`${JSON.stringify({ machine, results }, undefined, 2)}\n`);
}
const broken = results.flatMap((result) => result.broken);
for (const line of broken) process.stderr.write(`${line}\n`);
process.exitCode = broken.length > 0 ? 1 : 0;

function table({ title, measurements }: ComparisonResult): string {
  const width = Math.max(...measurements.map(({ name }) => name.length));
  const rows = measurements.map(
    ({ name, p50Us, p99Us, samples, ratio }) =>
      `  ${name.padEnd(width)}  ${`× ${ratio.toFixed(3)}`.padStart(10)}  p50 ${p50Us.toFixed(3).padStart(10)} µs` +
      `  p99 ${p99Us.toFixed(3).padStart(10)} µs  ${samples} samples`,
  );
  return `${title}\n${rows.join('\n')}\n\n`;
}
