import { type Command, Option } from 'commander';
import { priceBatch, resumeBatch, runBatch, statusOfBatch, stopBatch } from '../batch/batch-actions.js';
import { BATCH_WORDS } from '../batch/batch-words.js';
import { tellingRefusals } from '../telling-refusals.js';

const FILE_HELP = `
A .jsonl file has a record on each line: {"recordId": "1", "input": {"messages": […]}}. Rows of a .csv or .parquet file
become records by --prompt "Summarise: {text}", with the columns of the file in braces.`;

const EXIT_HELP = `
Exit codes: 0 done, 1 records have no answer or AWS has refused, 2 an option or a file cannot be used, or the limit is too low.`;

/** What was begun stands in the journal. */
const telling = <Given extends unknown[]>(action: (...given: Given) => Promise<void>) =>
  tellingRefusals(action, BATCH_WORDS, 'run the same again to go on.');

const withRows = (command: Command): Command =>
  command
    .requiredOption('--model <id>', 'model id, inference profile or ARN')
    .option('--prompt <text>', 'of each row of a table, with {column} for its values')
    .option('--system <text>', 'the system prompt of each row')
    .option('--id <column>', 'names the records in the results')
    .option('--max-tokens <count>', 'the cap of each answer of a row');

const withRun = (command: Command): Command =>
  command
    .option('--out <file>', 'write results there, a JSON line each (default: <file>.results.jsonl)')
    .option('--on-demand', 'send one by one what no job takes: flex, then on demand')
    .option('--in-order', 'results in the order of the file')
    .option('--retries <count>', 'further jobs for records that failed (default: 2)')
    .addOption(new Option('--poll-seconds <count>', 'between the first two looks at a job (default: 30)'));

const shared = (command: Command): Command =>
  command
    .option('--region <name>', 'AWS Region (default: of the environment)')
    .option('--json', 'print JSON')
    .exitOverride()
    .showHelpAfterError();

/** `costkit batch`: files of requests at half price. */
export function addBatchCommand(program: Command): void {
  const batch = program.command('batch').description('answer files of requests by batch jobs, at half price');
  shared(withRun(withRows(batch.command('run'))))
    .description('run a file, or go on where a process that ran it has stopped')
    .argument('<file>', 'records: .jsonl, .csv or .parquet')
    .requiredOption('--bucket <name>', 'bucket for input and output files')
    .requiredOption('--role <arn>', 'role that reads and writes it')
    .option('--prefix <folder>', 'folder in the bucket (default: costkit-batch)')
    .option('--journal <name>', 'a file or s3://bucket/folder (default: <file>.journal)')
    .option('--max-usd <dollars>', 'refuse to begin what may cost more')
    .option('--deadline <time>', 'stop jobs half an hour before and send the rest one by one (ISO time)')
    .option('--merge', 'send identical requests once')
    .addHelpText('after', FILE_HELP + EXIT_HELP)
    .action(telling(runBatch));
  shared(withRun(batch.command('resume')))
    .description('go on with a batch whose records are all staged, without them')
    .argument('<journal>', 'a file or s3://bucket/folder')
    .addHelpText('after', EXIT_HELP)
    .action(telling(resumeBatch));
  shared(batch.command('status'))
    .description('show how far a batch is')
    .argument('<journal>', 'a file or s3://bucket/folder')
    .addHelpText('after', EXIT_HELP)
    .action(telling(statusOfBatch));
  shared(batch.command('stop'))
    .description('stop the jobs of a batch; what they have answered is paid, and `resume` reads it')
    .argument('<journal>', 'a file or s3://bucket/folder')
    .addHelpText('after', EXIT_HELP)
    .action(telling(stopBatch));
  shared(withRows(batch.command('price')))
    .description('show what a file would cost as a batch, and by other ways; nothing is begun')
    .argument('<file>', 'records: .jsonl, .csv or .parquet')
    .addHelpText('after', FILE_HELP + EXIT_HELP)
    .action(telling(priceBatch));
}
