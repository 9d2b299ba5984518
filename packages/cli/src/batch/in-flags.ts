import { CostkitError } from '@costkit/core';
import { CliUsageError } from '../cli-error.js';

/** What options of the library are called here. */
const FLAGS: Readonly<Record<string, string>> = {
  model: '--model',
  bucket: '--bucket',
  roleArn: '--role',
  prefix: '--prefix',
  maxUsd: '--max-usd',
  deadline: '--deadline',
  retries: '--retries',
  pollMs: '--poll-seconds',
  onDemand: '--on-demand',
};

const PREFIX = 'costkit batch: ';

/** Says an error of the library in the words of the command; anything else stays as it is. */
export function inFlags(error: unknown): unknown {
  if (!CostkitError.isInstance(error) || !error.message.startsWith(PREFIX)) return error;
  const said = error.message
    .slice(PREFIX.length)
    .replace('give a runtime client as "onDemand"', 'say --on-demand')
    .replace(/(?:option )?"(\w+)"/g, (text, name: string) =>
      Object.hasOwn(FLAGS, name) ? (FLAGS[name] as string) : text,
    );
  return new CliUsageError(said, error.code, { cause: error });
}
