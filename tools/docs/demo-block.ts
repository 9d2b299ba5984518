/** The part of `costkit demo --json` that the documentation shows. */
export interface DemoResult {
  readonly baselineUsd: number;
  readonly finalUsd: number;
  readonly savedPercent: number;
  readonly steps: readonly {
    readonly name: string;
    readonly usd: number;
    readonly savedPercent: number;
    /** What the step would cost where the bare application costs $9,000 a month. */
    readonly monthUsd: number;
  }[];
  readonly quality: {
    readonly baseline: number;
    readonly final: number;
    readonly questions: number;
    /** The nightly job. */
    readonly bulk: { readonly baseline: number; readonly final: number };
  };
  readonly receiptsMatchBill: boolean;
  readonly assumptions: {
    /** Share of an answer's tokens that is left when brevity is asked for. */
    readonly brevityShareKept: number;
    readonly brevitySource: string;
    readonly accuracySource: string;
  };
  readonly sensitivity: readonly {
    readonly assumption: string;
    readonly baselineUsd: number;
    readonly finalUsd: number;
    readonly savedPercent: number;
    readonly rightAnswers: number;
  }[];
}

/** The saving that the playbook claims, which the demo has to reach. */
const PLAYBOOK_PERCENT = 81;

const BLOCK = /(<!-- demo:begin -->\n)[\s\S]*?(<!-- demo:end -->)/;

/** Writes the figures of a demo between the markers of a page. */
export function fillDemoBlock(page: string, demo: DemoResult): string {
  if (!BLOCK.test(page)) throw new Error('the page has no <!-- demo:begin --> … <!-- demo:end -->');
  return page.replace(BLOCK, (_match, begin: string, end: string) => `${begin}${render(demo)}${end}`);
}

/** What a demo fails to hold of what the project promises. */
export function brokenPromises({ steps, savedPercent, quality, receiptsMatchBill }: DemoResult): string[] {
  const { bulk } = quality;
  const dearer = steps.filter(({ usd }, index) => index > 0 && usd >= (steps[index - 1]?.usd ?? 0));
  return [
    ...(receiptsMatchBill ? [] : ['the receipts do not match the bill']),
    ...(savedPercent >= PLAYBOOK_PERCENT
      ? []
      : [`the demo saves ${savedPercent} %, less than ${PLAYBOOK_PERCENT} %`]),
    ...(quality.final >= quality.baseline
      ? []
      : [`right answers fell from ${quality.baseline} to ${quality.final}`]),
    ...(bulk.final >= bulk.baseline
      ? []
      : [`right answers of the night fell from ${bulk.baseline} to ${bulk.final}`]),
    ...dearer.map(({ name }) => `${name} saves nothing on top of what is before it`),
  ];
}

function render({ steps, savedPercent, quality }: DemoResult): string {
  const rows = steps.map(({ name, usd, savedPercent: saved, monthUsd }) => {
    const share = saved === 0 ? '' : `${saved.toFixed(1)} % less`;
    return `| ${name} | $${usd.toFixed(2)} | ${share} | $${Math.round(monthUsd).toLocaleString('en-US')} |`;
  });
  const { baseline, final, questions } = quality;
  return `\`npx -y pnpm@10.34.9 demo\` runs the same application bare, then with one lever after another:

| | bill | against bare | of a $9,000 month |
| --- | ---: | ---: | ---: |
${rows.join('\n')}

**${savedPercent.toFixed(1)} % less**, with ${final} of ${questions} answers right (bare: ${baseline}).
`;
}
