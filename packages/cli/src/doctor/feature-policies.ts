/** A statement of an IAM policy. */
interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
}

/** An IAM policy. */
export interface Policy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

interface Permission {
  readonly actions: readonly string[];
  /** Narrow it where names in capitals stand. */
  readonly resources?: readonly string[];
}

/** What permissions are asked for. */
export type Feature =
  | 'calls'
  | 'count-tokens'
  | 'profiles'
  | 'batch'
  | 'distillation'
  | 'prices'
  | 'shared-budgets'
  | 'alerts-to-sns'
  | 'account-alerts'
  | 'doctor';

const MODELS = [
  'arn:aws:bedrock:*::foundation-model/*',
  'arn:aws:bedrock:*:*:inference-profile/*',
  'arn:aws:bedrock:*:*:application-inference-profile/*',
];

/** What each feature calls, and no more. Converse and ConverseStream are allowed by the actions of InvokeModel. */
const FEATURES: Readonly<Record<Feature, readonly Permission[]>> = {
  calls: [{ actions: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'], resources: MODELS }],
  'count-tokens': [{ actions: ['bedrock:CountTokens'], resources: MODELS }],
  profiles: [
    {
      actions: [
        'bedrock:CreateInferenceProfile',
        'bedrock:GetInferenceProfile',
        'bedrock:ListInferenceProfiles',
        'bedrock:ListTagsForResource',
        'bedrock:TagResource',
      ],
    },
  ],
  batch: [
    {
      actions: [
        'bedrock:CreateModelInvocationJob',
        'bedrock:GetModelInvocationJob',
        'bedrock:ListModelInvocationJobs',
        'bedrock:StopModelInvocationJob',
      ],
    },
    { actions: ['s3:GetObject', 's3:PutObject'], resources: ['arn:aws:s3:::BUCKET/*'] },
    { actions: ['s3:ListBucket'], resources: ['arn:aws:s3:::BUCKET'] },
    { actions: ['iam:PassRole'], resources: ['arn:aws:iam::*:role/BATCH-ROLE'] },
  ],
  distillation: [
    {
      actions: [
        'bedrock:CreateCustomModelDeployment',
        'bedrock:CreateModelCustomizationJob',
        'bedrock:GetCustomModelDeployment',
        'bedrock:GetModelCustomizationJob',
        'bedrock:ListCustomModelDeployments',
        'bedrock:ListModelCustomizationJobs',
        'bedrock:StopModelCustomizationJob',
      ],
    },
    { actions: ['s3:PutObject'], resources: ['arn:aws:s3:::BUCKET/*'] },
    { actions: ['iam:PassRole'], resources: ['arn:aws:iam::*:role/DISTILLATION-ROLE'] },
  ],
  prices: [{ actions: ['bedrock:ListFoundationModelAgreementOffers', 'pricing:GetProducts'] }],
  'shared-budgets': [
    {
      actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      resources: ['arn:aws:dynamodb:*:*:table/BUDGETS'],
    },
  ],
  'alerts-to-sns': [{ actions: ['sns:Publish'], resources: ['arn:aws:sns:*:*:TOPIC'] }],
  'account-alerts': [
    {
      actions: [
        'bedrock:DeleteModelInvocationLoggingConfiguration',
        'bedrock:GetModelInvocationLoggingConfiguration',
        'bedrock:PutModelInvocationLoggingConfiguration',
        'budgets:ListTagsForResource',
        'budgets:ModifyBudget',
        'budgets:TagResource',
        'budgets:ViewBudget',
        'ce:CreateAnomalyMonitor',
        'ce:CreateAnomalySubscription',
        'ce:DeleteAnomalyMonitor',
        'ce:DeleteAnomalySubscription',
        'ce:GetAnomalyMonitors',
        'ce:GetAnomalySubscriptions',
        'ce:GetDimensionValues',
        'ce:ListTagsForResource',
        'ce:TagResource',
        'ce:UpdateAnomalySubscription',
        'cloudwatch:DeleteAlarms',
        'cloudwatch:DeleteDashboards',
        'cloudwatch:DescribeAlarms',
        'cloudwatch:GetDashboard',
        'cloudwatch:ListTagsForResource',
        'cloudwatch:PutDashboard',
        'cloudwatch:PutMetricAlarm',
        'cloudwatch:TagResource',
        'sns:CreateTopic',
        'sns:DeleteTopic',
        'sns:GetTopicAttributes',
        'sns:ListSubscriptionsByTopic',
        'sns:ListTagsForResource',
        'sns:SetTopicAttributes',
        'sns:Subscribe',
        'sns:TagResource',
        'sns:Unsubscribe',
      ],
    },
  ],
  doctor: [
    {
      actions: [
        'bedrock:GetFoundationModelAvailability',
        'bedrock:GetModelInvocationLoggingConfiguration',
        'bedrock:ListFoundationModels',
        'iam:SimulatePrincipalPolicy',
        'servicequotas:ListServiceQuotas',
      ],
    },
  ],
};

/** All features, in the order in which they are told. */
export const FEATURE_NAMES: readonly Feature[] = Object.keys(FEATURES) as Feature[];

/** Every action of a feature. */
export function actionsOf(feature: Feature): string[] {
  return FEATURES[feature].flatMap(({ actions }) => actions);
}

const sidOf = (feature: Feature, index: number): string => {
  const name = feature.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return index === 0 ? name : `${name}${index + 1}`;
};

/** The smallest policy that lets features work. Names in capitals are to be filled in. */
export function policyOf(features: readonly Feature[]): Policy {
  return {
    Version: '2012-10-17',
    Statement: features.flatMap((feature) =>
      FEATURES[feature].map(({ actions, resources = ['*'] }, index) => ({
        Sid: sidOf(feature, index),
        Effect: 'Allow' as const,
        Action: actions,
        Resource: resources.length === 1 ? (resources[0] as string) : resources,
      })),
    ),
  };
}
