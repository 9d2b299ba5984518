import type { CreditAdvice } from '../credit-advice.js';
import { escapeHtml, htmlTable } from './html.js';

const monthsText = (months: number | undefined): string =>
  months === undefined ? '10 years and more' : `${months.toFixed(1)} months`;

const range = (low: string, high: string): string => (low === high ? low : `${low} to ${high}`);

function dollars(usd: number): string {
  return `$${usd.toLocaleString('en-US')}`;
}

/** How long credits last: the last step, in no amount of the others. */
export function creditsSection(credits: CreditAdvice | undefined): string {
  if (credits === undefined) return '';
  const { title, perMonth, besidePerMonth, usedPerMonth, held, programmes, risk, method, unknown, command } =
    credits;
  const sentences = [
    `Runway, and no saving: in no amount of this page. At ${perMonth} a month${besidePerMonth === undefined ? '' : `, and ${besidePerMonth} beside models by the bill`}.`,
    ...(usedPerMonth === undefined || usedPerMonth.picoUsd === 0n
      ? []
      : [`Credits have paid ${usedPerMonth} a month of the bill.`]),
    ...(held === undefined
      ? []
      : [
          `Yours last ${monthsText(held.today)}, and ${monthsText(held.after)} when everything above is done.`,
        ]),
  ];
  const table =
    programmes.length === 0
      ? ''
      : htmlTable(
          'What could be asked for, by sums that third parties report',
          [
            { title: 'Programme' },
            { title: 'Grants', isNumber: true },
            { title: 'Lasts today', isNumber: true },
            { title: 'After all of the above', isNumber: true },
            { title: 'For' },
          ],
          programmes.map(({ name, minUsd, maxUsd, least, most, isFor }) => [
            name,
            range(dollars(minUsd), dollars(maxUsd)),
            range(monthsText(least.today), monthsText(most.today)),
            range(monthsText(least.after), monthsText(most.after)),
            isFor,
          ]),
        );
  return `<section><h2>Credits</h2><p>${escapeHtml(title)}.</p>
<p class="note">${escapeHtml(sentences.join(' '))}</p>${table}
<dl><dt>How</dt><dd>${escapeHtml(method)}</dd><dt>Risk</dt><dd>${escapeHtml(risk)}</dd><dt>Unknown</dt><dd>${unknown.map(escapeHtml).join('<br>')}</dd></dl>
<pre tabindex="0" role="region" aria-label="Command for credits">${escapeHtml(command)}</pre></section>`;
}
