import type { Command } from 'commander';
import type { EmbedOptions } from '../embed/embed-options.js';

const HELP = `
Only what changed since the last time is paid; files that were moved, renamed or put in another order cost nothing.
Start with --dry-run, which shows the price.

A store is a libSQL file, as libsqlStore({ file }) of @costkit/embeddings opens it, or with --postgres a table, as
pgvectorStore({ database, table }) does.

With --bucket and --role, 100 texts and more are embedded by batch jobs at half the price, where the model takes them (Titan
Text V2, Nova). That may take hours. A process that is killed loses nothing: run the same again.

A file of --queries has a question on each line: {"query": "Who pays?", "evidence": [{"document": "returns.md"}]}, with
"start" and "end" (characters) where the place is known.

Exit codes: 0 done, or --dry-run and nothing to do; 1 AWS or PostgreSQL has refused; 2 an option or a file cannot be used, or
the limit is too low; 3 --dry-run, and there is something to do.`;

/** `costkit embed`: a folder of documents as vectors, paid once. */
export function addEmbedCommand(program: Command): void {
  program
    .command('embed')
    .description('bring a vector store in step with a folder of documents, and pay for what changed alone')
    .argument('<folder>', 'the documents; what the store holds beside them is deleted')
    .option('--store <file>', 'the file that keeps chunks and vectors (default: embeddings.db)')
    .option('--postgres [url]', 'keep them in PostgreSQL with pgvector (default: as PGHOST, PGUSER, … say)')
    .option('--table <name>', 'of the database (default: embeddings)')
    .option('--model <modelId>', 'the embedding model', 'amazon.titan-embed-text-v2:0')
    .option('--dimensions <count>', 'numbers in a vector (default: of the model)')
    .option('--chunk-tokens <count>', 'most tokens of a chunk (default: 512, or what the model takes)')
    .option('--ext <names>', 'files to read (default: adoc,md,mdx,rst,txt)')
    .option('--max-usd <dollars>', 'refuse to begin what may cost more')
    .option('--concurrency <count>', 'calls at the same time (default: 8)')
    .option('--migrate', 'agree to embed all again with another model or number of dimensions')
    .option('--queries <file>', 'questions whose recall a migration reports, before and after')
    .option('--allow-empty', 'empty the store where the folder holds no document')
    .option('--bucket <name>', 'embed by batch jobs, whose files stand in this bucket')
    .option('--role <arn>', 'role that reads and writes it')
    .option('--prefix <folder>', 'folder in the bucket (default: costkit-batch)')
    .option(
      '--journal <name>',
      'of the jobs: a file or s3://bucket/folder (default: <store>.journal; of PostgreSQL <host>-<port>-<database>-<table>.journal)',
    )
    .option('--bulk-from <count>', 'fewer texts go one by one (default: 100, the fewest that a job takes)')
    .option('--poll-seconds <count>', 'between the first two looks at a job (default: 30)')
    .option('--region <name>', 'AWS Region (default: of the environment)')
    .option('--dry-run', 'show what would be done and what it costs, and do nothing')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', HELP)
    .action(async (folder: string, options: EmbedOptions) => {
      // Loaded when it is needed: `costkit --help` must not wait for the AWS SDK.
      const { embedFolder } = await import('../embed/embed-folder.js');
      await embedFolder(folder, options);
    });
}
