import { stderr, stdout } from 'node:process';
import type { SyncOptions, SyncPlan } from '@costkit/embeddings';
import type { Command } from 'commander';
import { CliUsageError, EXIT_CODES } from '../cli-error.js';
import { progressLine } from '../progress-line.js';

interface EmbedOptions {
  readonly store: string;
  readonly model: string;
  readonly dimensions?: string;
  readonly chunkTokens?: string;
  readonly ext?: string;
  readonly maxUsd?: string;
  readonly concurrency?: string;
  readonly migrate?: boolean;
  readonly allowEmpty?: boolean;
  readonly region?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const HELP = `
Only what changed since the last time is paid; files that were moved, renamed or put in another order cost nothing.
The store is a libSQL file: libsqlStore({ file }) of @costkit/embeddings opens it.

Exit codes: 0 done, or --dry-run and nothing to do; 1 AWS has refused; 2 an option or a file cannot be used, or the limit is too low;
3 --dry-run, and there is something to do.`;

function countOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new CliUsageError(`--${option} "${text}" is no whole number above 0`, 'COSTKIT_INVALID_OPTION');
}

const given = <Name extends string, Value>(name: Name, value: Value | undefined): { [N in Name]?: Value } =>
  (value === undefined ? {} : { [name]: value }) as { [N in Name]?: Value };

/** Everything is loaded when it is needed: `costkit --help` must not wait for the AWS SDK. */
async function syncOptions(folder: string, options: EmbedOptions): Promise<SyncOptions & { close(): void }> {
  const [{ BedrockRuntimeClient }, { libsqlStore }, { folderSource }] = await Promise.all([
    import('@aws-sdk/client-bedrock-runtime'),
    import('@costkit/embeddings'),
    import('../embed/folder-source.js'),
  ]);
  const chunkTokens = countOf('chunk-tokens', options.chunkTokens);
  const sink = libsqlStore({ file: options.store });
  return {
    client: new BedrockRuntimeClient(given('region', options.region)),
    source: () =>
      folderSource(
        folder,
        options.ext?.split(',').map((extension) => extension.trim()),
      ),
    model: options.model,
    sink,
    ...given('dimensions', countOf('dimensions', options.dimensions)),
    ...given('chunk', chunkTokens === undefined ? undefined : { maxTokens: chunkTokens }),
    ...given('maxUsd', options.maxUsd),
    ...given('concurrency', countOf('concurrency', options.concurrency)),
    ...given('migrate', options.migrate),
    ...given('allowEmpty', options.allowEmpty),
    close: () => sink.close(),
  };
}

const hasWork = ({ embed, reused, duplicates, deleted }: SyncPlan): boolean =>
  embed.texts + reused + duplicates + deleted > 0;

async function embedCommand(folder: string, options: EmbedOptions): Promise<void> {
  const { planSync, syncEmbeddings } = await import('@costkit/embeddings');
  const { renderPlan, renderReport } = await import('../embed/render-sync.js');
  const { close, ...sync } = await syncOptions(folder, options);
  const show = (result: object, text: string): void => {
    stdout.write(options.json === true ? `${JSON.stringify(result, null, 2)}\n` : `${text}\n`);
  };
  try {
    if (options.dryRun === true) {
      const plan = await planSync(sync);
      show(plan, `${renderPlan(plan)}\nNothing was embedded.`);
      if (hasWork(plan)) process.exitCode = EXIT_CODES.changed;
      return;
    }
    const progress = await progressLine(1, options.json === true);
    const report = await syncEmbeddings({
      ...sync,
      onProgress: ({ phase, done, total, cost }) => {
        if (total !== undefined) progress.expect(total);
        progress.begin(`${phase} ${done}, ${cost ?? 'unknown cost'}`);
      },
    }).finally(() => progress.end());
    show(report, renderReport(report));
  } finally {
    close();
  }
}

/** One line for what AWS refuses. */
async function tellingRefusals(folder: string, options: EmbedOptions): Promise<void> {
  try {
    await embedCommand(folder, options);
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: unknown };
    if ($metadata === undefined && name !== 'CredentialsProviderError') throw error;
    stderr.write(
      `costkit: AWS refused (${name}): ${message} \`costkit doctor\` says what is missing. What was paid stands in ${options.store}.\n`,
    );
    process.exitCode = EXIT_CODES.failed;
  }
}

/** `costkit embed`: a folder of documents as vectors, paid once. */
export function addEmbedCommand(program: Command): void {
  program
    .command('embed')
    .description('bring a vector store in step with a folder of documents, and pay for what changed alone')
    .argument('<folder>', 'the documents; what the store holds beside them is deleted')
    .requiredOption('--store <file>', 'the file that keeps chunks and vectors; made where there is none')
    .option('--model <modelId>', 'the embedding model', 'amazon.titan-embed-text-v2:0')
    .option('--dimensions <count>', 'numbers in a vector (default: of the model)')
    .option('--chunk-tokens <count>', 'most tokens of a chunk (default: 512, or what the model takes)')
    .option('--ext <names>', 'files to read (default: adoc,md,mdx,rst,txt)')
    .option('--max-usd <dollars>', 'refuse to begin what may cost more')
    .option('--concurrency <count>', 'calls at the same time (default: 8)')
    .option('--migrate', 'agree to embed all again with another model or number of dimensions')
    .option('--allow-empty', 'empty the store where the folder holds no document')
    .option('--region <name>', 'AWS Region (default: of the environment)')
    .option('--dry-run', 'show what would be done and what it costs, and do nothing')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', HELP)
    .action(tellingRefusals);
}
