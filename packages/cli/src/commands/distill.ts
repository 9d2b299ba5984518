import type { Command } from 'commander';
import { priceJob, runJob, statusOfJob, stopJob } from '../distill/distill-actions.js';
import { DISTILL_WORDS } from '../distill/distill-words.js';
import { makeData } from '../distill/make-data.js';
import { tellingRefusals } from '../telling-refusals.js';

const SOURCES_HELP = `
Sources, seen from the first line of each file: a folder, a file or a prefix in S3 (s3://bucket/prefix) of invocation logs or
of exports of their log group, outputs of batch jobs of the teacher (.jsonl.out), or examples, a JSON line each:
{"task": "reply", "system": […], "messages": […], "answer": "…"}. batch-jobs:us-east-1 fetches the outputs of the batch jobs of
a Region, and looks at which model each was for.

Prompts and answers are written into the files that --out and --hold-out name, and nowhere else. --redact names a
module that exports (text, part) => text; every text goes through it first.`;

const EXIT_HELP = `
Exit codes: 0 done, 1 the job has failed or AWS has refused, 2 an option or a file cannot be used, or the limit is too low.`;

const telling = <Given extends unknown[]>(action: (...given: Given) => Promise<void>) =>
  tellingRefusals(action, DISTILL_WORDS, 'run the same again to go on.');

const withPair = (command: Command): Command =>
  command
    .requiredOption('--teacher <id>', 'the model whose answers are learnt')
    .requiredOption('--student <id>', 'base model of the student, such as amazon.nova-micro-v1:0:128k');

const withPrice = (command: Command): Command =>
  command
    .option('--max-answer-tokens <count>', "most tokens of the teacher's answers (default: 1000)")
    .option('--training-usd <dollars>', 'per million training tokens, where no source lists them')
    .option('--region <name>', 'AWS Region (default: of the environment)');

const shared = (command: Command): Command =>
  command.option('--json', 'print JSON').exitOverride().showHelpAfterError();

/** `costkit distill`: a student from what the teacher has answered. */
export function addDistillCommand(program: Command): void {
  const distill = program
    .command('distill')
    .description('make a cheaper student of a model from your own traffic');
  shared(withPair(distill.command('data')))
    .description('select a data set from logs, batch results or examples; nothing is sent')
    .argument('<sources...>', 'files, folders, s3://bucket/prefix or batch-jobs:region')
    .requiredOption('--out <file>', 'write what is learnt there')
    .option('--hold-out <file>', 'keep examples from training, and write them there as cases of costkit eval')
    .option('--hold-out-share <share>', 'how many (default: 0.1)')
    .option('--prompts <count>', 'at most so many to learn from: 100 to 15,000 (default: 15,000)')
    .option('--balance <how>', 'even: as many of each task; as-asked: as they come (default: even)')
    .option('--answered', "only what the teacher's answer is known of")
    .option('--task <name...>', 'only these tasks')
    .option('--task-key <name...>', 'metadata that names the task (default: task, else feature)')
    .option('--model <arn=modelId...>', 'the model behind an ARN that does not name it')
    .option('--days <count>', 'days of batch jobs to fetch (default: 30)')
    .option('--redact <file>', 'a module that changes every text first')
    .option('--seed <text>', 'another draw')
    .addHelpText('after', SOURCES_HELP + EXIT_HELP)
    .action(telling(makeData));
  shared(withPrice(withPair(distill.command('price'))))
    .description('show what a job would cost at most; nothing is begun')
    .argument('<file>', 'what costkit distill data has written')
    .addHelpText('after', EXIT_HELP)
    .action(telling(priceJob));
  shared(withPrice(withPair(distill.command('run'))))
    .description('train and deploy a student, or go on where a process that did has stopped')
    .argument('<file>', 'what costkit distill data has written')
    .requiredOption('--bucket <name>', 'bucket for the data set, in the Region of the job')
    .requiredOption('--role <arn>', 'role that reads and writes it')
    .requiredOption('--name <name>', 'name of the model that comes out')
    .option('--prefix <folder>', 'folder in the bucket (default: costkit-distillation)')
    .option('--max-usd <dollars>', 'refuse to begin what may cost more')
    .option('--no-deploy', 'train it, and make no deployment')
    .option('--poll-seconds <count>', 'between two looks at the job (default: 60)')
    .addHelpText('after', EXIT_HELP)
    .action(telling(runJob));
  shared(distill.command('status'))
    .description('show how far a job is, and how its student is called')
    .argument('<job>', 'ARN or name')
    .option('--region <name>', 'AWS Region (default: of the environment)')
    .addHelpText('after', EXIT_HELP)
    .action(telling(statusOfJob));
  shared(distill.command('stop'))
    .description('stop a job; what it has done is paid')
    .argument('<job>', 'ARN or name')
    .option('--region <name>', 'AWS Region (default: of the environment)')
    .addHelpText('after', EXIT_HELP)
    .action(telling(stopJob));
}
