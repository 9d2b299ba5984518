import { describe, expect, it } from 'vitest';
import { readJobRequest } from './job-request.js';

const body = {
  jobName: 'nightly',
  roleArn: 'arn:aws:iam::123456789012:role/batch',
  modelId: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
  inputDataConfig: { s3InputDataConfig: { s3Uri: 's3://bucket/in' } },
  outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://bucket/out/' } },
};
const refusal = (more: object): string => {
  try {
    readJobRequest({ ...body, ...more }, 'token');
    return '';
  } catch (error) {
    expect(error).toMatchObject({ code: 'ValidationException', status: 400 });
    return (error as Error).message;
  }
};

describe('readJobRequest', () => {
  it('fills in what the caller left out', () => {
    expect(readJobRequest(body, 'generated')).toEqual({
      ...body,
      modelInvocationType: 'InvokeModel',
      timeoutDurationInHours: 24,
      clientRequestToken: 'generated',
      tags: [],
    });
  });

  it('keeps all that the caller said', () => {
    const full = {
      ...body,
      modelInvocationType: 'Converse',
      timeoutDurationInHours: 168,
      clientRequestToken: 'a-b',
      inputDataConfig: {
        s3InputDataConfig: { s3Uri: 's3://bucket', s3InputFormat: 'JSONL', s3BucketOwner: '123456789012' },
      },
      outputDataConfig: {
        s3OutputDataConfig: {
          s3Uri: 's3://bucket/out',
          s3EncryptionKeyId: 'alias/key',
          s3BucketOwner: '123456789012',
        },
      },
      vpcConfig: { subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] },
      tags: [{ key: 'team', value: '' }],
    };
    expect(readJobRequest(full, 'generated')).toEqual(full);
  });

  it.each([
    ['arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0'],
    ['arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-5'],
    ['arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdef123456'],
    ['amazon.nova-lite-v1:0'],
  ])('takes the model %s', (modelId) => {
    expect(readJobRequest({ ...body, modelId }, 'token').modelId).toBe(modelId);
  });

  it.each([
    [{ jobName: '-starts-with-a-dash' }, 'jobName'],
    [{ jobName: 7 }, "Value '7' at 'jobName' failed to satisfy constraint: Member must be a string"],
    [{ jobName: '' }, 'greater than or equal to 1'],
    [{ roleArn: 'arn:aws:iam::123456789012:user/me' }, 'roleArn'],
    [{ modelId: 'arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abcdef123456' }, 'modelId'],
    [{ timeoutDurationInHours: 24.5 }, 'Member must be an integer'],
    [{ timeoutDurationInHours: '48' }, 'Member must be an integer'],
    [
      { inputDataConfig: undefined },
      "Value at 'inputDataConfig' failed to satisfy constraint: Member must not be null",
    ],
    [
      { inputDataConfig: {} },
      "'inputDataConfig.s3InputDataConfig' failed to satisfy constraint: Member must not be null",
    ],
    [{ inputDataConfig: { s3InputDataConfig: { s3Uri: 's3://b' } } }, 's3Uri'],
    [
      { inputDataConfig: { s3InputDataConfig: { s3Uri: 's3://bucket/in', s3InputFormat: 'CSV' } } },
      'enum value set: [JSONL]',
    ],
    [{ outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://bucket/white space' } } }, 's3Uri'],
    [{ clientRequestToken: 'not ok!' }, 'clientRequestToken'],
    [{ vpcConfig: { subnetIds: [], securityGroupIds: ['sg'] } }, 'vpcConfig.subnetIds'],
    [{ tags: [{ key: 'a' }] }, "'tags.1.member.value'"],
  ])('refuses %j', (more, part) => {
    expect(refusal(more)).toContain(part);
  });
});
