import { stdout } from 'node:process';
import type { Command } from 'commander';
import { CliUsageError, EXIT_CODES } from '../cli-error.js';
import { checkWritable, writeOutput } from '../output-file.js';
import { progressLine } from '../progress-line.js';
import type { VerifiedModel } from '../verify/run-verify.js';

/** A family with the strictest cache rules, one with gross counts of its own, and one without a cache. */
const DEFAULT_MODELS: readonly string[] = [
  'us.anthropic.claude-haiku-4-5-20251001-v1:0',
  'us.amazon.nova-lite-v1:0',
  'us.meta.llama3-3-70b-instruct-v1:0',
];

interface VerifyCommandOptions {
  readonly live?: boolean;
  readonly maxUsd: string;
  readonly model?: readonly string[];
  readonly region?: string;
  readonly out: string;
  readonly json?: boolean;
}

async function modelsOf(ids: readonly string[]): Promise<readonly VerifiedModel[]> {
  const { resolveModel } = await import('@costkit/pricing');
  return ids.map((modelId) => {
    const resolved = resolveModel(modelId);
    if (resolved?.model.capabilities.converse === true) return { modelId, model: resolved.model };
    throw new CliUsageError(
      `"${modelId}" names no model of the catalogue that Converse takes. "costkit price" lists them`,
      'COSTKIT_UNKNOWN_MODEL',
    );
  });
}

function dollarsOf(text: string): number {
  const maxUsd = Number(text);
  if (text.trim() !== '' && Number.isFinite(maxUsd) && maxUsd > 0) return maxUsd;
  throw new CliUsageError(
    `"${text}" is no number of dollars. Give one above 0, such as 0.10`,
    'COSTKIT_INVALID_OPTION',
  );
}

async function verify(options: VerifyCommandOptions): Promise<void> {
  const { live = false, json = false, out } = options;
  const maxUsd = dollarsOf(options.maxUsd);
  const models = await modelsOf(options.model ?? DEFAULT_MODELS);
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const region = options.region ?? AWS_REGION ?? AWS_DEFAULT_REGION ?? 'us-east-1';
  if (live) await checkWritable(out);

  const [{ BedrockRuntimeClient }, { questionsFor, runVerify }] = await Promise.all([
    import('@aws-sdk/client-bedrock-runtime'),
    import('../verify/run-verify.js'),
  ]);
  const client = live ? new BedrockRuntimeClient({ region }) : undefined;
  const progress = await progressLine(questionsFor(models).length, json);
  const result = await runVerify({
    models,
    region,
    maxUsd,
    ...(client && { live: client }),
    onProgress: (doing) => progress.begin(doing),
  }).finally(() => {
    progress.end();
    client?.destroy();
  });

  const { verifications, forecast, spent } = result;
  const text = `${JSON.stringify(
    { region, forecastUsd: forecast.usd, ...(spent && { spentUsd: spent.usd }), verifications },
    null,
    2,
  )}\n`;
  if (live) await writeOutput(out, text);
  if (json) stdout.write(text);
  else {
    const { renderVerify } = await import('../verify/render-verify.js');
    stdout.write(`${renderVerify(result)}\n${live ? `Written to ${out}.\n` : ''}`);
  }
  if (verifications.some(({ status }) => status === 'differs')) process.exitCode = EXIT_CODES.changed;
  else if (live && verifications.every(({ status }) => status === 'not asked'))
    process.exitCode = EXIT_CODES.failed;
}

/** `costkit verify`: what the local Bedrock assumes, against the service. */
export function addVerifyCommand(program: Command): void {
  program
    .command('verify')
    .description('compare what the local Bedrock assumes with the service; without --live, only its price')
    .option('--live', 'ask the service too, with the credentials of the environment')
    .option('--max-usd <dollars>', 'the most that its answers may cost', '0.10')
    .option(
      '--model <id...>',
      'models or profiles to ask; else one each with, with other, and without caching',
    )
    .option('--region <name>', 'Region to call; else AWS_REGION, else us-east-1')
    .option('--out <file>', 'where --live writes what it found', 'bedrock-differences.json')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 all the same, 1 nothing could be asked, 2 an option cannot be used, 3 something differs.',
    )
    .action(verify);
}
