import type { ProvisionedUse } from '../types.js';
import { CHART, chartFrame } from './chart-frame.js';
import { escapeHtml } from './html.js';

/** How many times today's traffic makes provisioned throughput as dear as on demand; nothing where nobody calls. */
const breakEven = ({ usdPerHour, onDemandUsdPerHour }: ProvisionedUse): number | undefined =>
  onDemandUsdPerHour.usd === 0 ? undefined : usdPerHour.usd / onDemandUsdPerHour.usd;

/**
 * Dollars an hour by traffic: on demand they grow with it, provisioned they stay. Dashed lines stand where the lines
 * cross, and at today's traffic; whether the units could serve so much is for `costkit plan provisioned` to say.
 */
export function provisionedChart(use: ProvisionedUse): string {
  const { modelId, usdPerHour, onDemandUsdPerHour } = use;
  const at = breakEven(use);
  if (at === undefined)
    return `<p><code>${escapeHtml(modelId)}</code>: nobody calls it. Every hour of it loses ${escapeHtml(String(usdPerHour))}.</p>`;
  const most = Math.max(2, 1.25 * at);
  const highest = Math.max(usdPerHour.usd, onDemandUsdPerHour.usd * most);
  const x = (times: number): string => ((CHART.width * times) / most).toFixed(1);
  const y = (usd: number): string => (CHART.height * (1 - usd / highest)).toFixed(1);
  const now = `Today’s traffic costs ${onDemandUsdPerHour} an hour on demand; provisioned it is ${usdPerHour}.`;
  const verdict =
    at > 1
      ? `It pays from ${at.toFixed(1)} times today’s traffic.`
      : `It pays: down to ${at.toFixed(2)} of today’s traffic.`;
  return `<p><code>${escapeHtml(modelId)}</code>: ${escapeHtml(`${now} ${verdict}`)}</p>
<p class="note">Dashed: today, and where the lines cross.</p>
${chartFrame({
  label: `Dollars an hour by traffic. ${now} ${verdict}`,
  keys: [
    ['paid', 'on demand'],
    ['write', 'provisioned'],
  ],
  highest: `$${highest.toPrecision(3)} an hour`,
  first: 'no traffic',
  last: `${most.toFixed(1)} times today’s`,
  drawing: `<path class="on-demand-line" d="M0 ${y(0)}L${x(most)} ${y(onDemandUsdPerHour.usd * most)}"/>
<path class="provisioned-line" d="M0 ${y(usdPerHour.usd)}L${x(most)} ${y(usdPerHour.usd)}"/>
<path class="mark" d="M${x(1)} 0V${CHART.height}M${x(at)} 0V${CHART.height}"/>`,
})}`;
}
