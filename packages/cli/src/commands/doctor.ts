import { stdout } from 'node:process';
import type { Command } from 'commander';
import { CliUsageError, EXIT_CODES } from '../cli-error.js';
import type { Feature } from '../doctor/feature-policies.js';
import { progressLine } from '../progress-line.js';

interface DoctorOptions {
  readonly region?: readonly string[];
  readonly model?: readonly string[];
  readonly feature?: readonly string[];
  readonly policy?: true | readonly string[];
  readonly json?: boolean;
}

async function featuresOf(names: readonly string[] | undefined): Promise<readonly Feature[]> {
  const { FEATURE_NAMES } = await import('../doctor/feature-policies.js');
  const isFeature = (name: string): name is Feature => FEATURE_NAMES.includes(name as Feature);
  if (names === undefined || names.length === 0) return FEATURE_NAMES;
  return names.map((name) => {
    if (isFeature(name)) return name;
    throw new CliUsageError(
      `"${name}" is no feature. There are ${FEATURE_NAMES.join(', ')}`,
      'COSTKIT_INVALID_OPTION',
    );
  });
}

/** The Regions asked for, else that of the environment. */
function regionsOf(options: DoctorOptions): readonly string[] {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const region = AWS_REGION ?? AWS_DEFAULT_REGION;
  const regions = options.region ?? (region === undefined ? [] : [region]);
  if (regions.length > 0) return regions;
  throw new CliUsageError(
    'no Region to look at. Name one with --region, or set AWS_REGION',
    'COSTKIT_INVALID_OPTION',
  );
}

async function doctor(options: DoctorOptions): Promise<void> {
  const { policyOf } = await import('../doctor/feature-policies.js');
  if (options.policy !== undefined) {
    const features = await featuresOf(options.policy === true ? undefined : options.policy);
    stdout.write(`${JSON.stringify(policyOf(features), null, 2)}\n`);
    return;
  }
  const features = await featuresOf(options.feature);
  const regions = regionsOf(options);
  const [{ awsClients }, { DOCTOR_PARTS, runDoctor }] = await Promise.all([
    import('../aws-clients.js'),
    import('../doctor/run-doctor.js'),
  ]);
  const progress = await progressLine(DOCTOR_PARTS, options.json === true);
  const checks = await runDoctor(awsClients(), {
    regions,
    models: options.model ?? [],
    features,
    nowMs: Date.now(),
    onProgress: (doing) => progress.begin(doing),
  }).finally(() => progress.end());
  if (options.json === true) {
    const policies = Object.fromEntries(features.map((feature) => [feature, policyOf([feature])]));
    stdout.write(`${JSON.stringify({ checks, policies }, null, 2)}\n`);
  } else {
    const { renderDoctor } = await import('../doctor/render-doctor.js');
    stdout.write(`${renderDoctor(checks)}\n`);
  }
  if (checks.some(({ status }) => status === 'fail')) process.exitCode = EXIT_CODES.failed;
}

/** `costkit doctor`: whether an account has what costkit needs. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('check permissions, logging, model access, quotas and the age of prices; changes nothing')
    .option('--region <name...>', 'Regions to look at; else AWS_REGION')
    .option('--model <id...>', 'models that you call: their access and quotas')
    .option('--feature <name...>', 'features whose permissions are checked; else all')
    .option('--policy [feature...]', 'print the smallest IAM policy of features, and ask nobody')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit codes: 0 nothing failed, 1 something did, 2 an option cannot be used.')
    .action(doctor);
}
