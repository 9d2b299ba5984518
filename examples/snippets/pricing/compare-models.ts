import { costOf, listModels, type Money, resolveModel } from '@costkit/pricing';

const call = { input: 3_000, output: 500, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheWrite30m: 0 };
const rows: { id: string; total: Money }[] = [];
for (const { id, kind, profiles, capabilities } of listModels()) {
  if (kind !== 'text' || !capabilities.tools || !profiles.includes('us')) continue;
  const resolved = resolveModel(`us.${id}`);
  const cost = resolved === undefined ? undefined : costOf(call, { model: resolved });
  if (cost?.complete === true) rows.push({ id, total: cost.total });
}
rows.sort((one, other) => one.total.compare(other.total));
for (const { id, total } of rows.slice(0, 5)) console.log(String(total), id);
