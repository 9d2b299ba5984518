import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { SNIPPETS } from '../docs/pages.js';

/**
 * Runs an action while a local Bedrock serves.
 *
 * @param action - gets the environment variables that point any AWS SDK at it.
 */
export async function withLocalBedrock<Result>(
  action: (environment: Readonly<Record<string, string>>) => Promise<Result>,
): Promise<Result> {
  const server = spawn(
    process.execPath,
    ['--conditions=@costkit/source', '--import=tsx', 'serve-local-bedrock.ts'],
    { cwd: SNIPPETS, stdio: ['ignore', 'pipe', 'inherit'] },
  );
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
