import { writeFile } from 'node:fs/promises';
import { stdout } from 'node:process';
import type { Command } from 'commander';
import { CliUsageError, EXIT_CODES } from '../cli-error.js';
import { progressLine } from '../terminal.js';

interface DemoOptions {
  readonly json?: boolean;
  readonly html?: string;
}

async function writeHtml(file: string, html: string): Promise<void> {
  try {
    await writeFile(file, html);
  } catch (cause) {
    throw new CliUsageError(
      `cannot write "${file}". Name a file in a folder that exists and can be written`,
      'COSTKIT_CANNOT_WRITE',
      { cause },
    );
  }
}

/** Runs the main job: the same application, lever by lever, against a local Bedrock that writes a bill. */
async function demo(options: DemoOptions): Promise<void> {
  // Loaded when it runs: `costkit --help` must not wait for the AWS SDK.
  const { runDemo } = await import('../demo/run-demo.js');
  const progress = progressLine(options.json === true);
  const result = await runDemo((done, total, doing) => progress.update(done, total, doing));
  progress.end();
  if (options.html !== undefined) {
    const { renderHtml } = await import('../demo/render-html.js');
    await writeHtml(options.html, await renderHtml(result));
  }
  if (options.json === true) {
    stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  } else {
    const { renderTerminal } = await import('../demo/render-terminal.js');
    stdout.write(`${renderTerminal(result)}\n`);
    if (options.html !== undefined) stdout.write(`\nWritten: ${options.html}\n`);
  }
  if (!result.receiptsMatchBill) process.exitCode = EXIT_CODES.failed;
}

export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('watch the bill of one application fall, lever by lever, against a local Bedrock')
    .option('--json', 'print the result as JSON')
    .option('--html <file>', 'write the result as a page with a chart')
    .action(demo);
}
