import { once } from 'node:events';
import { stdout } from 'node:process';
import type { Command } from 'commander';
import { CliUsageError } from '../cli-error.js';

interface LocalOptions {
  readonly port: string;
  readonly region: string;
  readonly bucket?: readonly string[];
  readonly logs?: string;
  readonly json?: boolean;
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new CliUsageError(
      `"${text}" is no port. Give a number from 0 (any free port) to 65535`,
      'COSTKIT_INVALID_OPTION',
    );
  }
  return port;
}

/** Serves until it is interrupted, then prints the bill. */
async function local(options: LocalOptions): Promise<void> {
  const port = portOf(options.port);
  const { startLocalBedrock } = await import('@costkit/local');
  const bedrock = await startLocalBedrock({
    port,
    region: options.region,
    ...(options.bucket === undefined ? {} : { buckets: options.bucket }),
    ...(options.logs === undefined ? {} : { logging: { folder: options.logs } }),
  });
  const { accessKeyId, secretAccessKey } = bedrock.clientConfig.credentials;
  const environment = {
    AWS_ENDPOINT_URL: bedrock.endpoint,
    AWS_REGION: bedrock.clientConfig.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
  stdout.write(
    options.json === true
      ? `${JSON.stringify(environment)}\n`
      : `# A local Bedrock. Any AWS SDK talks to it with these variables; Ctrl+C prints the bill.\n${Object.entries(
          environment,
        )
          .map(([name, value]) => `export ${name}=${value}`)
          .join('\n')}\n`,
  );
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  const { total, lines, complete } = bedrock.bill();
  await bedrock.stop();
  const sum = `${lines.length} requests, ${total}${complete ? '' : ' and requests whose price is unknown'}`;
  stdout.write(
    options.json === true
      ? `${JSON.stringify({ requests: lines.length, usd: total.usd, complete })}\n`
      : `\n${sum}\n`,
  );
}

/** `costkit local`: a Bedrock on this machine. */
export function addLocalCommand(program: Command): void {
  program
    .command('local')
    .description('serve a Bedrock on this machine, with an S3 for batch jobs and a bill at the end')
    .option('--port <number>', 'port to listen on; 0 takes a free one', '8085')
    .option('--region <name>', 'Region of the account', 'us-east-1')
    .option('--bucket <name...>', 'buckets that exist from the start')
    .option('--logs <folder>', "write invocation logs in Bedrock's format there")
    .option('--json', 'print the environment and the bill as JSON')
    .action(local);
}
