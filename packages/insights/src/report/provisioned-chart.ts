import type { ProvisionedUse } from '../types.js';
import { escapeHtml } from './html.js';

const WIDTH = 960;
const HEIGHT = 220;
const BOTTOM = 24;
const LEFT = 72;
const TOP = 12;

const dollars = (usd: number): string => `$${usd.toFixed(2)}`;

/** How many times today's traffic makes provisioned throughput as dear as on demand; nothing where nobody calls. */
const breakEven = ({ usdPerHour, onDemandUsdPerHour }: ProvisionedUse): number | undefined =>
  onDemandUsdPerHour.usd === 0 ? undefined : usdPerHour.usd / onDemandUsdPerHour.usd;

/**
 * Dollars an hour by traffic: on demand they grow with it, provisioned they stay. The figure says where the lines
 * cross, and where today stands; whether the units could serve so much is for `costkit plan provisioned` to say.
 */
export function provisionedChart(use: ProvisionedUse): string {
  const { modelId, usdPerHour, onDemandUsdPerHour } = use;
  const at = breakEven(use);
  if (at === undefined)
    return `<p><code>${escapeHtml(modelId)}</code>: nobody calls it. Any hour of its ${dollars(usdPerHour.usd)} is lost.</p>`;
  const most = Math.max(2, 1.25 * at);
  const highest = Math.max(usdPerHour.usd, onDemandUsdPerHour.usd * most);
  const x = (times: number): string => (LEFT + ((WIDTH - LEFT) * times) / most).toFixed(1);
  const y = (usd: number): string => (HEIGHT - BOTTOM - ((HEIGHT - BOTTOM - TOP) * usd) / highest).toFixed(1);
  const now = `Today’s traffic costs ${dollars(onDemandUsdPerHour.usd)} an hour on demand; provisioned it is ${dollars(usdPerHour.usd)}.`;
  const verdict =
    at > 1
      ? `It pays from ${at.toFixed(1)} times today’s traffic.`
      : `It pays: down to ${at.toFixed(2)} of today’s traffic.`;
  return `<p><code>${escapeHtml(modelId)}</code>: ${now} ${verdict}</p>
<p class="note"><span class="key paid"></span>on demand <span class="key" style="background:var(--write)"></span>provisioned</p>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(`Dollars an hour by traffic. ${now} ${verdict}`)}">
<text x="0" y="${TOP + 4}">${dollars(highest)}</text><text x="0" y="${HEIGHT - BOTTOM}">$0</text>
<path class="on-demand-line" d="M${x(0)} ${y(0)}L${x(most)} ${y(onDemandUsdPerHour.usd * most)}"/>
<path class="provisioned-line" d="M${x(0)} ${y(usdPerHour.usd)}L${x(most)} ${y(usdPerHour.usd)}"/>
<circle class="input-fill" cx="${x(1)}" cy="${y(onDemandUsdPerHour.usd)}" r="6"/>
<circle class="write-fill" cx="${x(at)}" cy="${y(usdPerHour.usd)}" r="6"/>
<text x="${x(1)}" y="${HEIGHT - 6}" text-anchor="middle">today</text>${Math.abs(at - 1) * (WIDTH / most) < 90 ? '' : `<text x="${x(at)}" y="${HEIGHT - 6}" text-anchor="middle">${at.toFixed(1)} times</text>`}
</svg>`;
}
