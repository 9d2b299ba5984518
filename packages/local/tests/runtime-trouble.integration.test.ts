import {
  BedrockClient,
  GetModelInvocationJobCommand,
  ListFoundationModelsCommand,
  StopModelInvocationJobCommand,
} from '@aws-sdk/client-bedrock';
import { CreateBucketCommand, ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import { type LocalBedrock, startLocalBedrock, type TroubleRule } from '../src/index.js';

describe('trouble beside inference', () => {
  let bedrock: LocalBedrock;
  let control: BedrockClient;
  let s3: S3Client;

  const start = async (...trouble: TroubleRule[]): Promise<void> => {
    bedrock = await startLocalBedrock({ trouble, buckets: ['bucket'] });
    control = new BedrockClient({ ...bedrock.clientConfig, maxAttempts: 1 });
    s3 = new S3Client({ ...bedrock.s3ClientConfig, maxAttempts: 1 });
  };
  afterEach(async () => {
    control.destroy();
    s3.destroy();
    await bedrock.stop();
  });

  it('throttles the control-plane operation it names, and no other', async () => {
    await start({ operation: 'GetModelInvocationJob', action: { type: 'throttle', retryAfterSeconds: 3 } });
    const jobIdentifier = 'arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abcdefghijkl';
    await expect(control.send(new GetModelInvocationJobCommand({ jobIdentifier }))).rejects.toMatchObject({
      name: 'ThrottlingException',
      $metadata: { httpStatusCode: 429 },
    });
    await expect(control.send(new StopModelInvocationJobCommand({ jobIdentifier }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    expect(bedrock.requests().map(({ operation, service }) => [service, operation])).toEqual([
      ['bedrock', 'GetModelInvocationJob'],
      ['bedrock', 'StopModelInvocationJob'],
    ]);
  });

  it('drops a connection of the control plane', async () => {
    await start({ operation: 'ListFoundationModels', calls: [1], action: { type: 'drop' } });
    await expect(control.send(new ListFoundationModelsCommand({}))).rejects.toThrow();
    expect((await control.send(new ListFoundationModelsCommand({}))).modelSummaries?.length).toBeGreaterThan(
      50,
    );
  });

  it.each<[string, TroubleRule['action'], string, number]>([
    ['throttle', { type: 'throttle' }, 'SlowDown', 503],
    ['error', { type: 'error', code: 'AccessDenied' }, 'AccessDenied', 403],
    ['an error S3 does not have', { type: 'error', code: 'Odd' }, 'InternalError', 500],
  ])('answers S3 with %s', async (_, action, name, httpStatusCode) => {
    await start({ operation: 'PutObject', calls: [1], action });
    const put = () => s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'key', Body: 'x' }));
    await expect(put()).rejects.toMatchObject({ name, $metadata: { httpStatusCode } });
    await put();
    await s3.send(new CreateBucketCommand({ Bucket: 'other-bucket' }));
    expect((await s3.send(new ListBucketsCommand({}))).Buckets).toHaveLength(2);
  });
});
