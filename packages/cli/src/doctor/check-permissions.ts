import type { Account, AwsClients } from '../aws-clients.js';
import { type Check, notChecked } from './check.js';
import { actionsOf, type Feature } from './feature-policies.js';

/** Policies belong to the role, not to its session. A path in the role's name is not in the session's ARN. */
function principalOf({ arn, partition, id }: Account): string {
  const role = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  return role === undefined ? arn : `arn:${partition}:iam::${id}:role/${role}`;
}

async function deniedActions(
  clients: AwsClients,
  account: Account,
  actions: readonly string[],
): Promise<string[]> {
  const [client, { paginateSimulatePrincipalPolicy }] = await Promise.all([
    clients.iam(),
    import('@aws-sdk/client-iam'),
  ]);
  const denied: string[] = [];
  const pages = paginateSimulatePrincipalPolicy(
    { client },
    { PolicySourceArn: principalOf(account), ActionNames: [...actions] },
  );
  for await (const { EvaluationResults = [] } of pages) {
    for (const { EvalActionName = '', EvalDecision } of EvaluationResults)
      if (EvalDecision !== 'allowed') denied.push(EvalActionName);
  }
  return denied;
}

/**
 * Whether the identity may do what each feature does, by IAM's own simulation: nothing is called for it. It knows
 * neither policies of resources nor those of the organisation.
 */
export async function checkPermissions(
  clients: AwsClients,
  account: Account,
  features: readonly Feature[],
): Promise<Check[]> {
  const actions = [...new Set(features.flatMap(actionsOf))];
  let denied: ReadonlySet<string>;
  try {
    denied = new Set(await deniedActions(clients, account, actions));
  } catch (error) {
    return [notChecked('permissions', 'all features', 'iam:SimulatePrincipalPolicy', error)];
  }
  return features.map((feature): Check => {
    const missing = actionsOf(feature).filter((action) => denied.has(action));
    if (missing.length === 0)
      return { check: 'permissions', subject: feature, status: 'ok', found: 'All its actions are allowed.' };
    return {
      check: 'permissions',
      subject: feature,
      // Without calls nothing works; the rest one may not want.
      status: feature === 'calls' ? 'fail' : 'warn',
      found: `Not allowed: ${missing.join(', ')}.`,
      advice: `If you want it, attach what \`costkit doctor --policy ${feature}\` prints.`,
    };
  });
}
