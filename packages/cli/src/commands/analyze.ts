import { readFile } from 'node:fs/promises';
import { stderr, stdout } from 'node:process';
import type { Analysis, AnalyzeOptions, CreditOptions, EvaluationLike, HeldCredits } from '@costkit/insights';
import type { StartupFunding, StartupStage } from '@costkit/planner';
import type { Command } from 'commander';
import { CliUsageError, EXIT_CODES } from '../cli-error.js';
import { nameValuePairs } from '../name-value-pairs.js';
import { checkWritable, writeOutput } from '../output-file.js';
import { readNumber, readPools } from '../plan/flag-readers.js';
import { progressLine } from '../progress-line.js';

interface AnalyzeCommandOptions {
  readonly html?: string;
  readonly evaluation?: string;
  readonly json?: boolean;
  readonly top?: string;
  readonly model?: readonly string[];
  readonly provisioned?: readonly string[];
  readonly trainingUsd?: readonly string[];
  readonly allowGlobal?: boolean;
  readonly stage?: StartupStage;
  readonly funding?: StartupFunding;
  readonly credits?: readonly string[];
  readonly growth?: string;
  readonly engineerDayUsd?: string;
  readonly memoryMb?: string;
  readonly days?: string;
  readonly save?: string;
}

const usageError = (message: string): CliUsageError => new CliUsageError(message, 'COSTKIT_INVALID_OPTION');

function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw usageError(`${option} "${text}" is no number of 0 or more`);
  }
  return value;
}

/** What no log says of credits; names and numbers are checked by the library. */
function creditsOf({ stage, funding, credits, growth }: AnalyzeCommandOptions): CreditOptions {
  return {
    ...(stage === undefined ? {} : { stage }),
    ...(funding === undefined ? {} : { funding }),
    ...(credits === undefined ? {} : { held: readPools(credits) as HeldCredits[] }),
    ...(growth === undefined ? {} : { growthPerMonth: readNumber(growth) }),
  };
}

async function optionsOf(
  sources: readonly string[],
  options: AnalyzeCommandOptions,
): Promise<AnalyzeOptions> {
  const { engineerDayUsd, memoryMb } = options;
  const isInS3 = sources.some((source) => source.startsWith('s3://'));
  const s3 = isInS3 ? { s3: new (await import('@aws-sdk/client-s3')).S3Client({}) } : {};
  return {
    source: sources,
    ...s3,
    models: nameValuePairs('--model', options.model),
    provisionedUsdPerHour: nameValuePairs('--provisioned', options.provisioned),
    trainingUsdPerMillionTokens: nameValuePairs('--training-usd', options.trainingUsd),
    allowGlobal: options.allowGlobal === true,
    credits: creditsOf(options),
    ...(engineerDayUsd === undefined
      ? {}
      : { engineerDayUsd: numberOf('--engineer-day-usd', engineerDayUsd) }),
    ...(memoryMb === undefined ? {} : { memoryMb: numberOf('--memory-mb', memoryMb) }),
  };
}

/** Days that are fetched: CloudWatch keeps hours for 455. */
function daysOf({ days = '30' }: AnalyzeCommandOptions): number {
  const count = numberOf('--days', days);
  if (Number.isInteger(count) && count >= 1 && count <= 455) return count;
  throw usageError(`--days "${days}" is no whole number from 1 to 455`);
}

async function analysisOf(
  named: readonly string[],
  options: AnalyzeCommandOptions,
  evaluation: { readonly evaluation?: EvaluationLike },
): Promise<Analysis> {
  const analyzeOptions = { ...(await optionsOf(named, options)), ...evaluation };
  const settings = {
    days: daysOf(options),
    nowMs: Date.now(),
    ...(options.save === undefined ? {} : { save: options.save }),
  };
  const [{ fetchSources }, { ANALYSIS_STEPS, analyzeLogs }] = await Promise.all([
    import('../analyze/fetch-sources.js'),
    import('@costkit/insights'),
  ]);
  const progress = await progressLine(ANALYSIS_STEPS, options.json === true);
  const onProgress = (doing: string): void => progress.begin(doing);
  try {
    const fetched = await fetchSources(named, settings);
    try {
      return await analyzeLogs({ ...analyzeOptions, source: fetched.sources, onProgress });
    } finally {
      await fetched.dispose();
    }
  } finally {
    progress.end();
  }
}

/** The report of `costkit eval --json`, for students and the page; checked there. */
async function evaluationOf({
  evaluation: file,
}: AnalyzeCommandOptions): Promise<{ readonly evaluation?: EvaluationLike }> {
  if (file === undefined) return {};
  try {
    return { evaluation: JSON.parse(await readFile(file, 'utf8')) as EvaluationLike };
  } catch (cause) {
    throw new CliUsageError(
      `"${file}" cannot be read as JSON. Give what costkit eval --json has printed`,
      'COSTKIT_UNREADABLE_FILE',
      { cause },
    );
  }
}

async function analyze(sources: readonly string[], options: AnalyzeCommandOptions): Promise<void> {
  if (options.html !== undefined) await checkWritable(options.html);
  const top = options.top === undefined ? 10 : numberOf('--top', options.top);
  const evaluation = await evaluationOf(options);
  const analysis = await analysisOf(sources, options, evaluation);
  if (options.html !== undefined) {
    const { renderReport } = await import('@costkit/insights');
    await writeOutput(options.html, renderReport(analysis, evaluation));
  }
  if (options.json === true) {
    stdout.write(`${JSON.stringify(analysis, null, 2)}\n`);
    return;
  }
  const { renderAnalysis } = await import('../analyze/render-analysis.js');
  stdout.write(`${renderAnalysis(analysis, top)}\n`);
  if (options.html !== undefined) stdout.write(`Written: ${options.html}\n`);
}

/** One line for what AWS refuses. */
async function tellingRefusals(sources: readonly string[], options: AnalyzeCommandOptions): Promise<void> {
  try {
    await analyze(sources, options);
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: unknown };
    if ($metadata === undefined && name !== 'CredentialsProviderError') throw error;
    stderr.write(`costkit: AWS refused (${name}): ${message} \`costkit doctor\` says what is missing.\n`);
    process.exitCode = EXIT_CODES.failed;
  }
}

const HELP = `
Sources: the folder or prefix that model-invocation logging writes to, exports of its log group, ledgers of jsonlSink,
a bill (CUR 2.0 or FOCUS, CSV or Parquet; answers of Cost Explorer). What a file holds is seen from its beginning;
several go together.

Without a log: cloudwatch:us-east-1,us-west-2 fetches the hourly metrics of Bedrock in these Regions
(cloudwatch:ListMetrics, cloudwatch:GetMetricData), batch-jobs:us-east-1 the outputs of batch jobs
(bedrock:ListModelInvocationJobs, s3:ListBucket, s3:GetObject), and cost-explorer: what each day and usage type cost, and what
credits paid of it (ce:GetCostAndUsage, $0.01 a page, two at least).

Nothing leaves the machine, and no prompt or answer is copied.

Exit codes: 0 done, 1 AWS has refused, 2 an option or a source cannot be used.`;

/** `costkit analyze`: what logs say about where to cut first. */
export function addAnalyzeCommand(program: Command): void {
  program
    .command('analyze')
    .description('rank in dollars what to cut first, from invocation logs, ledgers and bills')
    .argument(
      '<sources...>',
      'folders, files, s3://bucket/prefix, cloudwatch:region, batch-jobs:region or cost-explorer:',
    )
    .option('--html <file>', 'write the report as a page')
    .option(
      '--evaluation <file>',
      'what costkit eval --json has printed: of students; with --html, quality beside cost',
    )
    .option('--json', 'print the analysis as JSON')
    .option('--top <count>', 'how many recommendations to print (default: 10)')
    .option('--model <arn=modelId...>', 'the model behind an ARN that does not name it')
    .option('--provisioned <arn=usd...>', 'what provisioned throughput costs an hour')
    .option('--training-usd <model=usd...>', 'what training a student costs, per million tokens')
    .option('--allow-global', 'data may be processed in any commercial Region')
    .option('--stage <name>', 'for credits: pre-seed, seed, series-a or later (default: all)')
    .option('--funding <name>', 'for credits: none or institutional (default: all)')
    .option(
      '--credits <name=dollars@months...>',
      'credits at hand, and in how many months they expire (optional)',
    )
    .option('--growth <share>', 'for credits: growth of the spending per month, e.g. 0.05')
    .option('--engineer-day-usd <dollars>', 'what a day of engineering costs, for the ranking (default: 600)')
    .option('--days <count>', 'days to fetch of the last three (default: 30)')
    .option('--save <folder>', 'keep what was fetched, to analyse it again')
    .option('--memory-mb <megabytes>', 'memory for the analysis (default: 1024)')
    .addHelpText('after', HELP)
    .action(tellingRefusals);
}
