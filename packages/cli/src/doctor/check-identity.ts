import { type Account, type AwsClients, accountOf } from '../aws-clients.js';
import { type Check, notChecked } from './check.js';

/** Errors that say that there are no credentials, or none that hold. */
const NO_CREDENTIALS = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'TokenProviderError',
  'UnrecognizedClientException',
]);

/** Who is calling. */
export async function checkIdentity(
  clients: AwsClients,
  region: string,
): Promise<{ readonly check: Check; readonly account?: Account }> {
  try {
    const account = await accountOf(clients, region);
    return {
      account,
      check: {
        check: 'identity',
        subject: account.id,
        status: 'ok',
        found: `Calls are made as ${account.arn}.`,
      },
    };
  } catch (error) {
    if (!NO_CREDENTIALS.has((error as Error).name))
      return { check: notChecked('identity', 'credentials', 'sts:GetCallerIdentity', error) };
    return {
      check: {
        check: 'identity',
        subject: 'credentials',
        status: 'fail',
        found: `There are no valid credentials (${(error as Error).name}).`,
        advice: 'Run `aws sso login` or `aws configure`, or set AWS_PROFILE.',
      },
    };
  }
}
