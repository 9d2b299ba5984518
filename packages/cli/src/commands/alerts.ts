import { stderr, stdout } from 'node:process';
import type { Command } from 'commander';
import type { Plan, PlanEntry } from '../alerts/plan.js';
import { EXIT_CODES } from '../cli-error.js';

interface AlertsOptions {
  readonly config: string;
  readonly json?: boolean;
  readonly replace?: boolean;
  readonly yes?: boolean;
}

const HELP = `
The file, with its optional members:
  {
    "regions": ["us-east-1"],
    "monthlyUsd": 9000,
    "emails": ["ops@example.com"],
    "models": ["us.anthropic.claude-sonnet-5-5"],
    "logging": { "bucket": "my-invocation-logs" }
  }

Exit codes: 0 done or up to date, 1 AWS has refused or somebody else's is in the way, 2 an option, the file or a request
that AWS would refuse, 3 there is something to do.`;

/** Everything is loaded when it is needed: `costkit --help` must not wait for the AWS SDK. */
async function plan(options: AlertsOptions): Promise<Plan> {
  const { readAlertsConfig } = await import('../alerts/alerts-config.js');
  const config = await readAlertsConfig(options.config);
  const [{ awsClients }, { setUp }, { allResources }, { makePlan }] = await Promise.all([
    import('../aws-clients.js'),
    import('../alerts/setup.js'),
    import('../alerts/all-resources.js'),
    import('../alerts/plan.js'),
  ]);
  const setup = await setUp(config, awsClients(), Date.now());
  return makePlan(await allResources(setup));
}

/** One line for what AWS refuses; what was done before it stays, and the next `apply` goes on from there. */
function tellingRefusals(work: (options: AlertsOptions) => Promise<void>) {
  return async (options: AlertsOptions): Promise<void> => {
    try {
      await work(options);
    } catch (error) {
      const { name, message, $metadata } = error as Error & { $metadata?: unknown };
      if ($metadata === undefined && name !== 'CredentialsProviderError') throw error;
      stderr.write(
        `costkit: AWS refused (${name}): ${message} \`costkit doctor\` says what is missing, and ` +
          '`costkit doctor --policy account-alerts` prints the policy.\n',
      );
      process.exitCode = EXIT_CODES.failed;
    }
  };
}

const plain = ({ action, kind, name, region, changes }: PlanEntry): object => ({
  action,
  kind,
  name,
  region,
  changes,
});

async function print(options: AlertsOptions, entries: readonly PlanEntry[], summary: string): Promise<void> {
  if (options.json === true) {
    stdout.write(`${JSON.stringify({ entries: entries.map(plain), summary }, null, 2)}\n`);
    return;
  }
  const { renderPlan } = await import('../alerts/render-plan.js');
  stdout.write(`${renderPlan(entries)}${entries.length === 0 ? '' : '\n\n'}${summary}\n`);
}

async function showPlan(options: AlertsOptions): Promise<void> {
  const { entries } = await plan(options);
  const todo = entries.filter(({ action }) => action !== 'same').length;
  await print(
    options,
    entries,
    todo === 0 ? 'Up to date.' : `${todo} of ${entries.length} to do. Nothing was changed.`,
  );
  if (todo > 0) process.exitCode = EXIT_CODES.changed;
}

async function apply(options: AlertsOptions): Promise<void> {
  const { applyPlan } = await import('../alerts/plan.js');
  const planned = await plan(options);
  const left = await applyPlan(planned, options.replace === true);
  const done = planned.entries.filter(({ action }) => action !== 'same').length - left.length;
  const others =
    left.length === 0
      ? ''
      : ` ${left.length} left: somebody else's is there. Choose another "name", or --replace it.`;
  await print(options, planned.entries, `${done} done.${others}`);
  if (left.length > 0) process.exitCode = EXIT_CODES.failed;
}

async function destroy(options: AlertsOptions): Promise<void> {
  const { destroyPlan } = await import('../alerts/plan.js');
  const planned = await plan(options);
  const ours = planned.entries.filter((entry) => entry.ours);
  const names = ours.map(({ kind, name, region }) => `${kind} ${name} (${region})`).join('\n');
  if (options.yes !== true) {
    const summary =
      ours.length === 0 ? 'Nothing of ours is there.' : `Would remove these; --yes does:\n${names}`;
    await print(options, [], summary);
    if (ours.length > 0) process.exitCode = EXIT_CODES.changed;
    return;
  }
  await destroyPlan(planned);
  await print(options, [], `Removed ${ours.length}.${names === '' ? '' : `\n${names}`}`);
}

/** `costkit alerts`: the account's own alerts on what Bedrock costs. */
export function addAlertsCommand(program: Command): void {
  const alerts = program
    .command('alerts')
    .description(
      'set up what an AWS account can tell of Bedrock costs: budget, anomalies, alarms, dashboard, logging',
    );
  const subcommand = (name: string, description: string): Command =>
    alerts
      .command(name)
      .description(description)
      .requiredOption('--config <file>', 'what to set up, as JSON')
      .option('--json', 'print JSON')
      .addHelpText('after', HELP)
      .exitOverride()
      .showHelpAfterError();
  subcommand('plan', 'show what is there, what should be, and who edited it; changes nothing').action(
    tellingRefusals(showPlan),
  );
  subcommand('apply', 'make the account as the file says; a second time changes nothing')
    .option('--replace', "also change what somebody else's is")
    .action(tellingRefusals(apply));
  subcommand('destroy', 'remove what `apply` made, and nothing else')
    .option('--yes', 'do it')
    .action(tellingRefusals(destroy));
}
