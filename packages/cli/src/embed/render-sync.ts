import type { SyncPlan, SyncReport, TokenCost } from '@costkit/embeddings';
import { textTable } from '../text-table.js';

const number = (value: number): string => Math.round(value).toLocaleString('en-US');
const money = ({ cost }: Pick<TokenCost, 'cost'>): string => (cost === undefined ? 'unknown' : String(cost));

function counts(plan: Omit<SyncPlan, 'embed'>, embedded: string, texts: number): string {
  const table = textTable(['', 'chunks'], ['left', 'right']);
  table.push(
    ['unchanged', number(plan.unchanged)],
    ['moved, their vectors are there', number(plan.reused)],
    ['the same text as another', number(plan.duplicates)],
    [embedded, number(texts)],
    ['deleted', number(plan.deleted)],
  );
  return `${number(plan.documents)} documents, ${number(plan.chunks)} chunks, ${plan.space}\n${table}`;
}

function migrationOf({ migration }: Pick<SyncPlan, 'migration'>): string {
  return migration === undefined
    ? ''
    : `\nA migration: ${number(migration.records)} chunks of ${migration.from.join(', ')} are replaced.`;
}

/** What a sync would do. */
export function renderPlan(plan: SyncPlan): string {
  const { embed, full } = plan;
  const most = embed.highest === undefined ? '' : `, at most ${embed.highest}`;
  return `${counts(plan, 'to be embedded', embed.texts)}${migrationOf(plan)}
about ${money(embed)} for ${number(embed.tokens)} tokens${most}${embed.bulk ? ', by batch jobs' : ''}; all of it anew: about ${money(full)}`;
}

/** What a sync has done. */
export function renderReport(report: SyncReport): string {
  const { embedded, full, avoided, recall } = report;
  const resumed =
    embedded.resumed === 0
      ? ''
      : `, ${number(embedded.resumed)} of them by jobs that an earlier run had begun`;
  const asked =
    recall === undefined
      ? ''
      : `\nrecall on your questions: ${percent(recall.before)} before, ${percent(recall.after)} after; asking cost ${money(recall)}`;
  return `${counts(report, 'embedded', embedded.texts)}${migrationOf(report)}
paid: ${money(embedded)} for ${number(embedded.tokens)} tokens in ${number(embedded.calls)} calls${resumed}
avoided: about ${money(avoided)}; all of it anew would cost about ${money(full)} for ${number(full.tokens)} tokens${asked}`;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
