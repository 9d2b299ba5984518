import { DistillationError } from './distillation-error.js';
import { type Following, lookUntil } from './follow-job.js';

/** Makes a deployment that is called by token, and waits until it can be. @returns its ARN, the model id of calls */
export async function deployStudent(
  { customModelArn, name }: { readonly customModelArn: string; readonly name: string },
  following: Following,
): Promise<string> {
  const {
    CreateCustomModelDeploymentCommand,
    GetCustomModelDeploymentCommand,
    ListCustomModelDeploymentsCommand,
  } = await import('@aws-sdk/client-bedrock');
  const { bedrock } = following;
  const { modelDeploymentSummaries = [] } = await bedrock.send(
    new ListCustomModelDeploymentsCommand({ nameContains: name, modelArnEquals: customModelArn }),
  );
  const known = (
    modelDeploymentSummaries as readonly {
      customModelDeploymentName: string;
      customModelDeploymentArn: string;
    }[]
  ).find(({ customModelDeploymentName }) => customModelDeploymentName === name);
  const arn =
    known?.customModelDeploymentArn ??
    ((
      await bedrock.send(
        new CreateCustomModelDeploymentCommand({
          modelDeploymentName: name,
          modelArn: customModelArn,
          clientRequestToken: name,
        }),
      )
    ).customModelDeploymentArn as string);
  const { status, failureMessage } = await lookUntil(
    () =>
      bedrock.send(new GetCustomModelDeploymentCommand({ customModelDeploymentIdentifier: arn })) as Promise<{
        status: string;
        failureMessage?: string;
      }>,
    (look) => look.status !== 'Creating',
    following,
  );
  if (status === 'Active') return arn;
  throw new DistillationError(
    'COSTKIT_DISTILLATION_DEPLOYMENT_FAILED',
    `the deployment ${arn} is ${status}${failureMessage === undefined ? '' : `: ${failureMessage}`}. Delete it and run again`,
  );
}
