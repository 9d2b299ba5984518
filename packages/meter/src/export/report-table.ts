import { Money, promptTokens } from '@costkit/core';
import type { Totals } from '../ledger-row.js';
import type { CostPer, MeterReport } from '../report-groups.js';

type Figures = Totals & { readonly per?: CostPer };

interface Column {
  readonly title: string;
  readonly cell: (totals: Figures) => string;
  /** Whether the column says anything; those that do not are left out. @defaultValue always */
  readonly says?: (total: Totals) => boolean;
}

const number = (value: number): string => value.toLocaleString('en-US');
const milliseconds = (value: number | undefined): string =>
  value === undefined ? '' : `${number(Math.round(value))} ms`;
const percent = (share: number | undefined): string =>
  share === undefined ? '' : `${(share * 100).toFixed(1)} %`;

/** Dollars for people; `?` where no price is known, `≥` where some are not. */
const cost = ({ calls, unpriced, cost: known }: Figures): string =>
  unpriced === 0 ? String(known) : calls === unpriced ? '?' : `≥ ${known}`;

const COLUMNS: readonly Column[] = [
  { title: 'calls', cell: ({ calls }) => number(calls) },
  { title: 'failed', cell: ({ failed }) => number(failed), says: ({ failed }) => failed > 0 },
  { title: 'unpriced', cell: ({ unpriced }) => number(unpriced), says: ({ unpriced }) => unpriced > 0 },
  { title: 'estimated', cell: ({ estimated }) => number(estimated), says: ({ estimated }) => estimated > 0 },
  { title: 'tokens in', cell: ({ usage }) => number(promptTokens(usage)) },
  { title: 'out', cell: ({ usage }) => number(usage.output) },
  { title: 'cache hits', cell: ({ cacheHitRate }) => percent(cacheHitRate) },
  { title: 'latency', cell: ({ meanLatencyMs }) => milliseconds(meanLatencyMs) },
  {
    title: 'first chunk',
    cell: ({ meanFirstChunkMs }) => milliseconds(meanFirstChunkMs),
    says: ({ meanFirstChunkMs }) => meanFirstChunkMs !== undefined,
  },
  { title: 'cost', cell: cost },
  {
    title: 'saved',
    cell: ({ comparable, saved }) => (comparable === 0 ? '' : String(saved)),
    says: ({ comparable }) => comparable > 0,
  },
];

const perColumn = ({ name }: CostPer): Column => ({
  title: `per ${name}`,
  cell: ({ per, unpriced }) =>
    per?.usd === undefined ? '' : `${unpriced === 0 ? '' : '≥ '}${Money.fromUsd(per.usd)}`,
});

/** Values of tags come from outside: none of them may steer the terminal, or turn its text around. */
const printable = (text: string): string => text.replaceAll(/\p{Cc}|\p{Bidi_Control}|[\u2028\u2029]/gu, '?');

/**
 * A report as a table for the terminal, dearest first, with a line for the total. `?` stands where no price is known,
 * `≥` where some are not.
 *
 * @example
 * ```ts
 * process.stdout.write(reportTable(meter.report({ by: ['feature', 'servedModel'] })));
 * ```
 */
export function reportTable(report: MeterReport): string {
  const columns = [
    ...COLUMNS.filter(({ says }) => says?.(report.total) !== false),
    ...(report.per === undefined ? [] : [perColumn(report.per)]),
  ];
  const total = { ...report.total, ...(report.per === undefined ? {} : { per: report.per }) };
  const labels = report.by.length === 0 ? [''] : report.by;
  const totalLabels = labels.map((_, index) => (index === 0 ? 'total' : ''));
  const lines = [
    [...labels, ...columns.map(({ title }) => title)],
    ...(report.by.length === 0 ? [] : report.rows).map((row) => [
      ...report.by.map((name) => row.group[name] ?? ''),
      ...columns.map(({ cell }) => cell(row)),
    ]),
    [...totalLabels, ...columns.map(({ cell }) => cell(total))],
  ].map((cells) => cells.map(printable));
  const widths = (lines[0] ?? []).map((_, index) =>
    lines.reduce((width, cells) => Math.max(width, cells[index]?.length ?? 0), 0),
  );
  return lines
    .map((cells) =>
      cells
        .map((text, index) => {
          const width = widths[index] ?? 0;
          return index < labels.length ? text.padEnd(width) : text.padStart(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
