import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/**
 * Runs an action while a local Bedrock serves.
 *
 * @param script - starts it and writes the environment that leads there as its first line.
 * @param action - gets the environment variables that point any AWS SDK at it.
 */
export async function withLocalBedrock<Result>(
  script: string,
  action: (environment: Readonly<Record<string, string>>) => Promise<Result>,
): Promise<Result> {
  const server = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const lines = createInterface({ input: server.stdout });
    const [line] = (await Promise.race([
      once(lines, 'line'),
      once(server, 'exit').then(() => {
        throw new Error('the local Bedrock did not start');
      }),
    ])) as [string];
    return await action(JSON.parse(line) as Record<string, string>);
  } finally {
    server.kill();
  }
}
