import type { CreditAdvice } from '@costkit/insights';
import pc from 'picocolors';
import { plainText } from '../plain-text.js';
import { textTable } from '../text-table.js';

const LONG = '10 years and more';

/** Months for people. */
const monthsText = (months: number | undefined): string =>
  months === undefined ? LONG : `${months.toFixed(1)} months`;

const dollars = (usd: number): string => `$${usd.toLocaleString('en-US')}`;

function programmeTable({ programmes }: CreditAdvice): string {
  const table = textTable(
    ['Programme', 'Grants, as reported', 'Lasts today', 'After all above', 'For'],
    ['left', 'right', 'right', 'right', 'left'],
    [26, 24, 24, 24, 36],
  );
  for (const { name, minUsd, maxUsd, least, most, isFor } of programmes) {
    const range = (low: string, high: string): string => (low === high ? low : `${low} to ${high}`);
    table.push([
      name,
      range(dollars(minUsd), dollars(maxUsd)),
      range(monthsText(least.today), monthsText(most.today)),
      range(monthsText(least.after), monthsText(most.after)),
      isFor,
    ]);
  }
  return table.toString();
}

/** Credits for a terminal: beside the ranking, since they save nothing. */
export function renderCredits(credits: CreditAdvice): readonly string[] {
  const { title, held, usedPerMonth, besidePerMonth, unknown, command, risk } = credits;
  const beside = besidePerMonth === undefined ? '' : `, and ${besidePerMonth} beside models, by the bill`;
  return [
    pc.bold(title),
    `Runway, in no amount above, at ${credits.perMonth} a month${beside}.`,
    ...(usedPerMonth === undefined || usedPerMonth.picoUsd === 0n
      ? []
      : [`Credits have paid ${usedPerMonth} a month of the bill.`]),
    ...(held === undefined
      ? []
      : [
          `Yours last ${monthsText(held.today)}, and ${monthsText(held.after)} when everything above is done${held.endedBy === 'expired' ? '; they expire with money left' : ''}.`,
        ]),
    ...(credits.programmes.length === 0 ? [] : [programmeTable(credits)]),
    `Risk: ${risk}`,
    ...unknown.map((one) => `Unknown: ${one}`),
    `  ${plainText(command)}`,
    '',
  ];
}
