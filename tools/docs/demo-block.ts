/** The part of `costkit demo --json` that the README shows. */
export interface DemoResult {
  readonly baselineUsd: number;
  readonly finalUsd: number;
  readonly savedPercent: number;
  readonly steps: readonly { readonly name: string; readonly usd: number; readonly savedPercent: number }[];
  readonly quality: { readonly baseline: number; readonly final: number };
  readonly receiptsMatchBill: boolean;
}

const BLOCK = /(<!-- demo:begin -->\n)[\s\S]*?(<!-- demo:end -->)/;

/** Writes the figures of a demo between the markers of a page. */
export function fillDemoBlock(page: string, demo: DemoResult): string {
  if (!BLOCK.test(page)) throw new Error('the page has no <!-- demo:begin --> … <!-- demo:end -->');
  return page.replace(BLOCK, (_match, begin: string, end: string) => `${begin}${render(demo)}${end}`);
}

function render({ steps, savedPercent, quality, baselineUsd }: DemoResult): string {
  const rows = steps.map(
    ({ name, usd, savedPercent: saved }) =>
      `| ${name} | $${usd.toFixed(4)} | ${saved === 0 ? '' : `−${saved.toFixed(1)} %`} | $${Math.round((usd / baselineUsd) * 9000).toLocaleString('en-US')} |`,
  );
  return `
\`npx -y pnpm@10.34.9 demo\` runs the same application bare and then with one lever after another:

| | bill | against bare | of a $9,000 month |
| --- | ---: | ---: | ---: |
${rows.join('\n')}

${savedPercent.toFixed(1)} % less, with ${quality.final} right answers instead of ${quality.baseline}.

`.slice(1);
}
