import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { findInputFiles, parseS3Uri } from '../batch/input-files.js';
import { JobFailure } from '../batch/job-failure.js';
import { jsonlLines } from '../batch/jsonl-lines.js';
import { arrayOf, isObject, type JsonObject, objectOf, textOf } from '../json.js';
import type { ObjectStore } from '../s3/object-store.js';
import { S3Error } from '../s3/s3-error.js';
import type { TrainingSource } from './customization-job.js';

/** A prompt of the data set. */
export interface TrainingPrompt {
  readonly system: readonly JsonObject[];
  /** Ends with a user turn. */
  readonly messages: readonly JsonObject[];
  /** What the teacher has answered, where the log says it and the job wants it. */
  readonly answer: string | undefined;
}

/** What the guide says of a data set (user guide, data preparation for distillation). */
const TRAINING_LIMITS = { minPrompts: 100, maxPrompts: 15_000, maxBytes: 1_000_000_000 } as const;

/** Errors come out of the iteration; a reader who leaves early ends the source, too. */
const ignoreEnd = (): void => undefined;

const SCHEMA_VERSION = 'bedrock-conversation-2024';

/** How {@link readTrainingPrompts} reads. */
export interface TrainingPromptsOptions {
  readonly store: ObjectStore;
  readonly source: TrainingSource;
  /** Whether a conversation may have more than one turn: not for Llama. */
  readonly multiTurn: boolean;
  /** Whether an id or ARN of a log names the teacher. */
  readonly isTeacher: (modelId: string) => boolean;
}

/**
 * Reads the data set of a job. The words of its failures are our own: those of the service are not known (assumed).
 * @throws JobFailure
 */
export async function readTrainingPrompts(options: TrainingPromptsOptions): Promise<TrainingPrompt[]> {
  const prompts: TrainingPrompt[] = [];
  try {
    const read = options.source.kind === 'prompts' ? promptLines(options) : loggedPrompts(options);
    for await (const prompt of read) {
      prompts.push(prompt);
      if (prompts.length > TRAINING_LIMITS.maxPrompts) {
        throw new JobFailure(
          `The data set has more than ${TRAINING_LIMITS.maxPrompts} prompts. Give fewer of them.`,
        );
      }
    }
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    throw new JobFailure(`Amazon S3 answered ${error.code} for ${options.source.s3Uri}: ${error.message}`);
  }
  if (prompts.length < TRAINING_LIMITS.minPrompts) {
    throw new JobFailure(
      `The data set has ${prompts.length} prompts; at least ${TRAINING_LIMITS.minPrompts} are needed.`,
    );
  }
  return prompts;
}

async function* promptLines({
  store,
  source,
  multiTurn,
}: TrainingPromptsOptions): AsyncGenerator<TrainingPrompt> {
  const location = parseS3Uri(source.s3Uri);
  const files = await findInputFiles(store, location);
  if (files.reduce((bytes, { size }) => bytes + size, 0) >= TRAINING_LIMITS.maxBytes) {
    throw new JobFailure('The data set is not below 1 GB.');
  }
  for (const { key, name } of files) {
    const { body } = await store.get(location.bucket, key);
    for await (const { number, text } of jsonlLines(body)) {
      const refuse = (why: string): never => {
        throw new JobFailure(`Line ${number} of ${name} ${why}.`);
      };
      const line = parse(text) ?? refuse('is no JSON object');
      if (line['schemaVersion'] !== SCHEMA_VERSION) refuse(`lacks the schemaVersion ${SCHEMA_VERSION}`);
      const prompt = promptOf(line);
      if (prompt === undefined) refuse('is no conversation of text between user and assistant');
      else if (!multiTurn && prompt.messages.length > 1)
        refuse('has more than one turn, which this student does not take');
      else yield prompt;
    }
  }
}

async function* loggedPrompts({
  store,
  source,
  multiTurn,
  isTeacher,
}: TrainingPromptsOptions): AsyncGenerator<TrainingPrompt> {
  if (source.kind !== 'logs') return;
  const { bucket, key: prefix } = parseS3Uri(source.s3Uri);
  let after: string | undefined;
  do {
    const page = await store.list(bucket, after === undefined ? { prefix } : { prefix, after });
    for (const { key } of page.contents) {
      if (!key.endsWith('.json.gz')) continue;
      const { body } = await store.get(bucket, key);
      for await (const { text } of jsonlLines(pipeline(Readable.from(body), createGunzip(), ignoreEnd))) {
        const record = parse(text);
        if (record === undefined || source.filter?.(objectOf(record['requestMetadata'])) === false) continue;
        const prompt = promptOf(objectOf(objectOf(record['input'])['inputBodyJson']));
        if (prompt === undefined || (!multiTurn && prompt.messages.length > 1)) continue;
        if (!source.usePromptResponse) yield prompt;
        else if (isTeacher(textOf(record['modelId']))) {
          const answer = answerOf(objectOf(record['output']));
          if (answer !== undefined) yield { ...prompt, answer };
        }
      }
    }
    after = page.next;
  } while (after !== undefined);
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isTextBlock = (block: unknown): block is JsonObject =>
  isObject(block) && typeof block['text'] === 'string';

/** Cache points of a logged request say nothing to a student. */
const withoutPoints = (blocks: unknown): readonly unknown[] =>
  arrayOf(blocks).filter((block) => !isObject(block) || block['cachePoint'] === undefined);

/** A conversation of text, up to its last user turn; `undefined` when it is something else. */
function promptOf(body: JsonObject): TrainingPrompt | undefined {
  const messages = arrayOf(body['messages'])
    .map(objectOf)
    .map(({ role, content }): JsonObject => ({ role, content: withoutPoints(content) }));
  const system = withoutPoints(body['system']);
  const alternates = messages.every(
    ({ role, content }, index) =>
      role === (index % 2 === 0 ? 'user' : 'assistant') &&
      arrayOf(content).length > 0 &&
      arrayOf(content).every(isTextBlock),
  );
  if (messages.length === 0 || !alternates || !system.every(isTextBlock)) return undefined;
  const asked = messages.length % 2 === 1 ? messages : messages.slice(0, -1);
  return { system, messages: asked, answer: undefined };
}

/** The text of a Converse answer in a log: whole, or the events of a stream. */
function answerOf(output: JsonObject): string | undefined {
  const body = output['outputBodyJson'];
  const text = Array.isArray(body)
    ? body.map((event) => textOf(objectOf(objectOf(objectOf(event)['contentBlockDelta'])['delta'])['text']))
    : arrayOf(objectOf(objectOf(objectOf(body)['output'])['message'])['content']).map((block) =>
        textOf(objectOf(block)['text']),
      );
  const joined = text.join('');
  return joined === '' ? undefined : joined;
}
