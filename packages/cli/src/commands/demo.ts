import { stdout } from 'node:process';
import type { Command } from 'commander';
import { CliUsageError, EXIT_CODES } from '../cli-error.js';
import type { DemoResult } from '../demo/demo-result.js';
import { checkWritable, writeOutput } from '../output-file.js';
import { progressLine } from '../progress-line.js';

interface DemoOptions {
  readonly json?: boolean;
  readonly html?: string;
  readonly requests?: string;
  readonly recorded?: string;
  readonly model?: string;
  readonly policy?: string;
  readonly tier?: readonly string[];
}

/** Everything is loaded when it is needed: `costkit --help` must not wait for the AWS SDK. */
async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const { requests, recorded } = options;
  if (requests !== undefined && recorded !== undefined) {
    throw new CliUsageError(
      '--requests and --recorded are two demos. Ask for one of them',
      'COSTKIT_INVALID_OPTION',
    );
  }
  const { model, policy, tier } = options;
  if (requests === undefined && (model ?? policy ?? tier) !== undefined) {
    throw new CliUsageError(
      '--model, --policy and --tier are for --requests. Name a file of requests, or leave them out',
      'COSTKIT_INVALID_OPTION',
    );
  }
  if (policy === undefined && tier !== undefined)
    throw new CliUsageError('--tier is for --policy. Name one, or leave it out', 'COSTKIT_INVALID_OPTION');
  const quiet = options.json === true;
  if (requests === undefined && recorded === undefined) {
    const { runSupportDemo, SUPPORT_DEMO_RUNS } = await import('../demo/run-support-demo.js');
    return withProgress(SUPPORT_DEMO_RUNS, quiet, runSupportDemo);
  }
  const { runScenario } = await import('../demo/run-scenario.js');
  if (recorded !== undefined) {
    const { RECORDED_NOTE, recordedScenario } = await import('../demo/scenarios/recorded-scenario.js');
    const scenario = await recordedScenario(recorded);
    return withProgress(scenario.steps.length, quiet, (onProgress) =>
      runScenario(
        'Exam questions, answered by recordings of real models.',
        scenario,
        { note: RECORDED_NOTE, details: { simulated: false } },
        onProgress,
      ),
    );
  }
  const { REQUESTS_NOTE, requestsScenario } = await import('../demo/scenarios/requests-scenario.js');
  const scenario = await requestsScenario(requests ?? '', {
    ...(model === undefined ? {} : { model }),
    ...(policy === undefined ? {} : { policy }),
    ...(tier === undefined ? {} : { tiers: tier }),
  });
  return withProgress(scenario.steps.length, quiet, (onProgress) =>
    runScenario(
      'Your requests, lever by lever.',
      scenario,
      { note: REQUESTS_NOTE, details: { simulated: true } },
      onProgress,
    ),
  );
}

async function withProgress(
  runs: number,
  quiet: boolean,
  work: (onProgress: (doing: string) => void) => Promise<DemoResult>,
): Promise<DemoResult> {
  const progress = await progressLine(runs, quiet);
  try {
    return await work((doing) => progress.begin(doing));
  } finally {
    progress.end();
  }
}

async function demo(options: DemoOptions): Promise<void> {
  if (options.html !== undefined) await checkWritable(options.html);
  const result = await runDemo(options);
  if (options.html !== undefined) {
    const { renderHtml } = await import('../demo/render-html.js');
    await writeOutput(options.html, await renderHtml(result));
  }
  if (options.json === true) {
    stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  } else {
    const { renderTerminal } = await import('../demo/render-terminal.js');
    stdout.write(`${renderTerminal(result, stdout.columns)}\n`);
    if (options.html !== undefined) stdout.write(`\nWritten: ${options.html}\n`);
  }
  // The demo's whole worth is that two independent sums agree.
  if (!result.receiptsMatchBill) process.exitCode = EXIT_CODES.failed;
}

/** `costkit demo`: the same application, lever by lever, against a local Bedrock that writes a bill. */
export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('watch the bill of one application fall, lever by lever, against a local Bedrock')
    .option('--json', 'print the result as JSON')
    .option('--html <file>', 'write the result as a page with a chart')
    .option('--requests <file>', 'run the Converse requests of a JSONL file instead, one a line')
    .option('--model <id>', 'with --requests: the model of requests that name none')
    .option('--policy <file>', 'with --requests: a routing policy')
    .option('--tier <name=modelId...>', 'with --policy: its tiers, cheap to strong')
    .option('--recorded <folder>', 'run recorded answers of real models instead (ZeroEval)')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 the receipts disagree with the bill, 2 an option or a file cannot be used.',
    )
    .action(demo);
}
