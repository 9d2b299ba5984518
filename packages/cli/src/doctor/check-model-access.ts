import { bareModelId } from '@costkit/pricing';
import type { AwsClients } from '../aws-clients.js';
import { type Check, notChecked } from './check.js';

/** Whether one model may be called from a Region. Profiles are looked up as the model behind them. */
async function checkModel(clients: AwsClients, region: string, modelId: string): Promise<Check> {
  const check = 'model access';
  const subject = `${modelId} in ${region}`;
  try {
    const [client, { GetFoundationModelAvailabilityCommand }] = await Promise.all([
      clients.bedrock(region),
      import('@aws-sdk/client-bedrock'),
    ]);
    const answer = await client.send(
      new GetFoundationModelAvailabilityCommand({ modelId: bareModelId(modelId) }),
    );
    const problems = [
      answer.regionAvailability === 'NOT_AVAILABLE' ? 'it is not offered in this Region' : undefined,
      answer.agreementAvailability?.status === 'AVAILABLE'
        ? undefined
        : `its agreement is ${answer.agreementAvailability?.status}`,
      answer.authorizationStatus === 'NOT_AUTHORIZED' ? 'the identity is not authorised' : undefined,
      answer.entitlementAvailability === 'NOT_AVAILABLE' ? 'the account has no entitlement' : undefined,
    ].filter((problem) => problem !== undefined);
    if (problems.length === 0) return { check, subject, status: 'ok', found: 'It can be called.' };
    return {
      check,
      subject,
      status: 'fail',
      found: `It cannot be called: ${problems.join('; ')}.`,
      advice: 'Open "Model access" in the Bedrock console, and accept its agreement.',
    };
  } catch (error) {
    const { name } = error as Error;
    if (name !== 'ResourceNotFoundException' && name !== 'ValidationException')
      return notChecked(check, subject, 'bedrock:GetFoundationModelAvailability', error);
    return {
      check,
      subject,
      status: 'fail',
      found: 'The Region knows no such model.',
      advice: 'Compare the id with `costkit price`.',
    };
  }
}

async function countModels(clients: AwsClients, region: string): Promise<Check> {
  const check = 'model access';
  try {
    const [client, { ListFoundationModelsCommand }] = await Promise.all([
      clients.bedrock(region),
      import('@aws-sdk/client-bedrock'),
    ]);
    const { modelSummaries = [] } = await client.send(new ListFoundationModelsCommand({}));
    return {
      check,
      subject: region,
      status: modelSummaries.length === 0 ? 'warn' : 'ok',
      found: `${modelSummaries.length} models are offered. Name those that you call with --model to check access.`,
      ...(modelSummaries.length === 0 ? { advice: 'Choose a Region that offers Bedrock.' } : {}),
    };
  } catch (error) {
    return notChecked(check, region, 'bedrock:ListFoundationModels', error);
  }
}

/** Whether models may be called; without models, whether the Region offers any. */
export function checkModelAccess(
  clients: AwsClients,
  region: string,
  modelIds: readonly string[],
): Promise<Check[]> {
  return modelIds.length === 0
    ? Promise.all([countModels(clients, region)])
    : Promise.all(modelIds.map((modelId) => checkModel(clients, region, modelId)));
}
