import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';

/** A command of the SDK, by its structure. */
interface Command {
  readonly constructor: { readonly name: string };
  readonly input: Readonly<Record<string, never>>;
}

interface PartInput {
  readonly Key: string;
  readonly Prefix: string;
  readonly Body: Uint8Array | string;
  readonly PartNumber: number;
}

const PART_BYTES = 5 * 1024 * 1024;

/** S3 as a folder: what a client costs is left out, so that only what is measured remains. */
export function fileS3(folder: string) {
  const pathOf = (key: string): string => join(folder, key);
  /** Files that are uploaded in parts. */
  const uploads = new Map<string, FileHandle>();
  const send = async (command: Command): Promise<unknown> => {
    const { Key, Prefix, Body, PartNumber } = command.input as unknown as PartInput;
    switch (command.constructor.name) {
      case 'CreateMultipartUploadCommand':
        await mkdir(dirname(pathOf(Key)), { recursive: true });
        uploads.set(Key, await open(pathOf(Key), 'w'));
        return { UploadId: Key };
      case 'UploadPartCommand':
        await uploads.get(Key)?.write(Body as Uint8Array, 0, undefined, (PartNumber - 1) * PART_BYTES);
        return { ETag: `"${PartNumber}"` };
      case 'CompleteMultipartUploadCommand':
        await uploads.get(Key)?.close();
        uploads.delete(Key);
        return {};
      case 'PutObjectCommand':
        await mkdir(dirname(pathOf(Key)), { recursive: true });
        await writeFile(pathOf(Key), Body);
        return {};
      case 'GetObjectCommand':
        return { Body: createReadStream(pathOf(Key)) };
      case 'ListObjectsV2Command': {
        const names = await readdir(pathOf(Prefix), { recursive: true, withFileTypes: true });
        return {
          Contents: names
            .filter((one) => one.isFile())
            .map((one) => ({ Key: relative(folder, join(one.parentPath, one.name)) })),
        };
      }
      default:
        return {};
    }
  };
  const config = {
    requestChecksumCalculation: () => Promise.resolve('WHEN_REQUIRED'),
    endpoint: () => Promise.resolve({ protocol: 'file:', hostname: 'files' }),
  };
  return { send: send as (command: never) => Promise<unknown>, config };
}

/** A control plane whose jobs are over as soon as they are created, and answer every record in the shape of Converse. */
export function fileBedrock(folder: string, onFirstJob: () => void) {
  let jobs = 0;
  return {
    send: async (command: Command): Promise<unknown> => {
      if (command.constructor.name !== 'CreateModelInvocationJobCommand') return { status: 'Completed' };
      jobs += 1;
      if (jobs === 1) onFirstJob();
      const { inputDataConfig, outputDataConfig } = command.input as unknown as {
        readonly inputDataConfig: { readonly s3InputDataConfig: { readonly s3Uri: string } };
        readonly outputDataConfig: { readonly s3OutputDataConfig: { readonly s3Uri: string } };
      };
      const keyOf = (uri: string): string => uri.replace(/^s3:\/\/[^/]+\//, '');
      await answer(
        join(folder, keyOf(inputDataConfig.s3InputDataConfig.s3Uri)),
        join(folder, keyOf(outputDataConfig.s3OutputDataConfig.s3Uri), 'job', 'input.jsonl.out'),
      );
      return { jobArn: `arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/${jobs}` };
    },
  };
}

const ANSWER = JSON.stringify({
  output: {
    message: {
      role: 'assistant',
      content: [{ text: 'A friendly customer asks for a refund. '.repeat(5), image: null, toolUse: null }],
    },
  },
  stopReason: 'end_turn',
  usage: { inputTokens: 120, outputTokens: 45, totalTokens: 165, cacheReadInputTokens: null },
  trace: null,
});

async function answer(input: string, output: string): Promise<void> {
  await mkdir(dirname(output), { recursive: true });
  const file = await open(output, 'w');
  let pending: string[] = [];
  for await (const line of createInterface({ input: createReadStream(input) })) {
    pending.push(`${line.slice(0, -1)},"modelOutput":${ANSWER}}\n`);
    if (pending.length < 2_000) continue;
    await file.write(pending.join(''));
    pending = [];
  }
  await file.write(pending.join(''));
  await file.close();
}
