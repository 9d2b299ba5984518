import { resolve } from 'node:path';
import { stderr, stdout } from 'node:process';
import type { EvaluationForecast, EvaluationOptions, EvaluationReport } from '@costkit/router/evaluation';
import type { Command } from 'commander';
import { CliUsageError, EXIT_CODES } from '../cli-error.js';
import { numberOf } from '../number-option.js';
import { checkWritable, writeOutput } from '../output-file.js';
import { progressLine } from '../progress-line.js';
import { readTier } from '../tier-option.js';

interface EvalOptions {
  readonly tier: readonly string[];
  readonly grader: readonly string[];
  readonly baseline?: string;
  readonly judge?: string;
  readonly maxLoss?: string;
  readonly confidence?: string;
  readonly minCases?: string;
  readonly results?: string;
  readonly keepAnswers?: boolean;
  readonly maxUsd?: string;
  readonly stopAtMaxUsd?: boolean;
  readonly concurrency?: string;
  readonly region?: string;
  readonly batchBucket?: string;
  readonly batchRole?: string;
  readonly policy?: string;
  readonly html?: string;
  readonly json?: boolean;
  readonly yes?: boolean;
}

const HELP = `
One case a line: {"id": "1", "task": "sort-mail", "request": {"messages": […]}, "expected": "complaint"}
Graders: exact, contains, regex, numeric, f1, json-schema, judge; task=grader where tasks differ.

Without --yes only the forecast is shown. What stands in the --results file is not paid again.

Exit codes: 0 done, 1 AWS has refused, 2 an option or a file cannot be used, or the limit is too low, 3 only the forecast was shown.`;

const given = <Name extends string, Value>(name: Name, value: Value | undefined): { [N in Name]?: Value } =>
  (value === undefined ? {} : { [name]: value }) as { [N in Name]?: Value };

/** Points and percent on the command line are shares in the library. */
function shareOf(
  option: string,
  text: string | undefined,
  isTaken: (number: number) => boolean,
  taken: string,
): number | undefined {
  const number = numberOf(option, text);
  if (number === undefined || isTaken(number)) return number === undefined ? undefined : number / 100;
  throw new CliUsageError(`--${option} "${text}" must be ${taken}`, 'COSTKIT_INVALID_OPTION');
}

/** Options that say nothing without another: who gives one alone believes that it works. */
function checkPartners({ keepAnswers, results, stopAtMaxUsd, maxUsd, judge, grader }: EvalOptions): void {
  const alone: readonly [boolean, string, string][] = [
    [keepAnswers === true && results === undefined, '--keep-answers', '--results'],
    [stopAtMaxUsd === true && maxUsd === undefined, '--stop-at-max-usd', '--max-usd'],
    [judge !== undefined && !grader.some((name) => /(?:^|=)judge$/.test(name)), '--judge', '--grader judge'],
  ];
  for (const [isAlone, option, partner] of alone) {
    if (isAlone)
      throw new CliUsageError(
        `${option} does nothing without ${partner}. Add it, or leave ${option} out`,
        'COSTKIT_INVALID_OPTION',
      );
  }
}

/** Everything is loaded when it is needed: `costkit --help` must not wait for the AWS SDK. */
async function evaluationOptions(file: string, options: EvalOptions): Promise<EvaluationOptions> {
  const [{ evaluationClients }, { readGraders }, { readEvaluationCases }] = await Promise.all([
    import('../eval/evaluation-client.js'),
    import('../eval/grader-option.js'),
    import('@costkit/router/evaluation'),
  ]);
  const clients = await evaluationClients(options);
  const cases = await readAll(readEvaluationCases(file));
  return {
    client: clients.tiers,
    cases,
    tiers: options.tier.map(readTier),
    grade: await readGraders({ graders: options.grader, judge: options.judge, client: clients.judge }),
    bar: {
      ...given(
        'maxLoss',
        shareOf('max-loss', options.maxLoss, (points) => points > 0 && points < 100, 'points, e.g. 5'),
      ),
      ...given(
        'confidence',
        shareOf(
          'confidence',
          options.confidence,
          (percent) => percent >= 50 && percent < 100,
          'percent, from 50 to below 100, e.g. 95',
        ),
      ),
      ...given('minCases', numberOf('min-cases', options.minCases)),
    },
    ...given('baseline', options.baseline),
    ...given('concurrency', numberOf('concurrency', options.concurrency)),
    ...given('maxUsd', options.maxUsd),
    ...(options.stopAtMaxUsd === true ? { onMaxUsd: 'stop' as const } : {}),
    ...given('resultsFile', options.results),
    ...given('keepAnswers', options.keepAnswers),
  };
}

/** The forecast reads the cases once and the evaluation again. */
async function readAll<T>(source: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}

async function showForecast(forecast: EvaluationForecast, json: boolean): Promise<void> {
  if (json) {
    stdout.write(`${JSON.stringify({ forecast }, null, 2)}\n`);
  } else {
    const { renderForecast } = await import('../eval/render-evaluation.js');
    stdout.write(`${renderForecast(forecast)}\nNothing was asked; --yes does it.\n`);
  }
  process.exitCode = EXIT_CODES.changed;
}

async function evaluate(
  options: EvaluationOptions,
  quiet: boolean,
  calls: number,
): Promise<EvaluationReport> {
  const [{ evaluateTiers }, { Money }] = await Promise.all([
    import('@costkit/router/evaluation'),
    import('@costkit/core'),
  ]);
  const progress = await progressLine(calls, quiet);
  try {
    return await evaluateTiers({
      ...options,
      onProgress: ({ total, spentUsd }) => {
        progress.expect(total);
        progress.begin(`answers, ${Money.fromUsd(spentUsd)}`);
      },
    });
  } finally {
    progress.end();
  }
}

async function writeFiles(
  report: EvaluationReport,
  { policy, html }: EvalOptions,
): Promise<readonly string[]> {
  if (policy !== undefined) {
    const { policyFrom } = await import('@costkit/router/evaluation');
    await writeOutput(policy, `${JSON.stringify(policyFrom(report), null, 2)}\n`);
  }
  if (html !== undefined) {
    const { renderEvaluationHtml } = await import('../eval/render-evaluation-html.js');
    await writeOutput(html, await renderEvaluationHtml(report));
  }
  return [policy, html].filter((file) => file !== undefined);
}

/** What is written must not write over what is read, nor over the other page. */
function checkOutputs(file: string, { results, policy, html }: EvalOptions): void {
  const taken = new Set([file, results].filter((name) => name !== undefined).map((name) => resolve(name)));
  for (const output of [policy, html]) {
    if (output === undefined) continue;
    const path = resolve(output);
    if (taken.has(path))
      throw new CliUsageError(
        `"${output}" is named twice, and would be written over. Name another file`,
        'COSTKIT_INVALID_OPTION',
      );
    taken.add(path);
  }
}

async function evalCommand(file: string, options: EvalOptions): Promise<void> {
  checkPartners(options);
  checkOutputs(file, options);
  for (const output of [options.policy, options.html]) if (output !== undefined) await checkWritable(output);
  const { forecastEvaluation } = await import('@costkit/router/evaluation');
  const evaluation = await evaluationOptions(file, options);
  const forecast = await forecastEvaluation(evaluation);
  const json = options.json === true;
  // Calls of a judge are none of the answers.
  const isAsking = forecast.lines.some(({ calls }) => calls > 0);
  if (options.yes !== true && isAsking) return showForecast(forecast, json);
  const report = await evaluate(evaluation, json, forecast.calls);
  const written = await writeFiles(report, options);
  if (json) {
    stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return;
  }
  const { renderEvaluation } = await import('../eval/render-evaluation.js');
  stdout.write(`${renderEvaluation(report)}\n`);
  for (const name of written) stdout.write(`Written: ${name}\n`);
}

/** One line for what AWS refuses; what was graded before it stands in the results file. */
async function tellingRefusals(file: string, options: EvalOptions): Promise<void> {
  try {
    await evalCommand(file, options);
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: unknown };
    if ($metadata === undefined && name !== 'CredentialsProviderError') throw error;
    const kept = options.results === undefined ? '' : ` What was graded stands in ${options.results}.`;
    stderr.write(
      `costkit: AWS refused (${name}): ${message} \`costkit doctor\` says what is missing.${kept}\n`,
    );
    process.exitCode = EXIT_CODES.failed;
  }
}

/** `costkit eval`: which task may go to which cheaper model, and the routing policy that says so. */
export function addEvalCommand(program: Command): void {
  program
    .command('eval')
    .description('ask cheaper models your own cases, and write the routing policy that the result supports')
    .argument('<cases>', 'a file of JSON lines, one case a line')
    .requiredOption('--tier <name=modelId...>', 'the models, cheap to strong; the last is the baseline')
    .requiredOption('--grader <name...>', 'how answers are graded')
    .option('--baseline <name>', 'another tier than the last to compare with')
    .option('--judge <modelId>', 'the model of the grader judge')
    .option('--max-loss <points>', 'the loss of quality that must be ruled out (default: 5)')
    .option('--confidence <percent>', 'over all tasks and tiers (default: 95)')
    .option('--min-cases <count>', 'fewer cases of a task are never enough (default: 30)')
    .option('--results <file>', 'keep graded answers there, and go on from it')
    .option('--keep-answers', 'with --results: keep the answers too, so that another grader can grade them')
    .option('--max-usd <dollars>', 'refuse to begin what may cost more')
    .option('--stop-at-max-usd', 'begin, and stop before the call that might exceed it')
    .option('--concurrency <count>', 'calls at the same time (default: 8; in batch jobs all)')
    .option('--region <name>', 'AWS Region (default: of the environment)')
    .option('--batch-bucket <name>', 'ask by batch jobs, at half price: the bucket for their files')
    .option('--batch-role <arn>', 'with --batch-bucket: the role that reads and writes it')
    .option('--policy <file>', 'write the routing policy')
    .option('--html <file>', 'write the report as a page with charts')
    .option('--json', 'print the report as JSON')
    .option('--yes', 'do it: without it only the forecast is shown')
    .addHelpText('after', HELP)
    .action(tellingRefusals);
}
