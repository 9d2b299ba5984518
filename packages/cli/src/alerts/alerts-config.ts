import { readFile } from 'node:fs/promises';
import {
  checkOptions,
  InvalidOptionError,
  isArray,
  isBoolean,
  isObject,
  isText,
  type OptionCheck,
} from '@costkit/core';
import { CliUsageError } from '../cli-error.js';

/** What `costkit alerts` sets up: the content of its file. */
export interface AlertsConfig {
  /** Stands in the names of everything, and in the tag that says whose it is. @defaultValue `"costkit"` */
  readonly name?: string;
  /** Where models are called; alarms and logging are set up in each. The topic and the dashboard are in the first. */
  readonly regions: readonly string[];
  /** The budget of a month. */
  readonly monthlyUsd: number;
  /** Shares of the budget that are told when they are spent. @defaultValue `[50, 80, 100]` */
  readonly thresholdsPercent?: readonly number[];
  /** Who is told; they confirm by a link that AWS sends them. */
  readonly emails?: readonly string[];
  /** An SNS topic that is there already, in the first Region. @defaultValue one is made */
  readonly topicArn?: string;
  /** Count only costs with one of these values of a cost-allocation tag, e.g. that of application inference profiles. */
  readonly tag?: { readonly key: string; readonly values: readonly string[] };
  /** What an anomaly must cost to be told. @defaultValue a hundredth of `monthlyUsd`, at least 1 */
  readonly anomalyUsd?: number;
  /** Model ids as they are called, for an alarm on each one's dollars per hour. @defaultValue none */
  readonly models?: readonly string[];
  /** What one of `models` may cost in an hour. @defaultValue a hundredth of `monthlyUsd` */
  readonly hourlyUsd?: number;
  /** Throttled calls in an hour, over all models. @defaultValue 100 */
  readonly throttlesPerHour?: number;
  /** Invocation logging to a bucket, or to a log group with a role that may write it. @defaultValue left as it is */
  readonly logging?: LoggingConfig;
}

/** Where invocation logs go. */
export interface LoggingConfig {
  /** A bucket of the Region whose policy lets Bedrock write. */
  readonly bucket?: string;
  readonly prefix?: string;
  readonly logGroup?: string;
  readonly roleArn?: string;
  /** Log prompts and answers, not only counts. @defaultValue true */
  readonly bodies?: boolean;
}

const isAmount: OptionCheck = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? undefined : 'must be a number above 0';

const isTexts: OptionCheck = (value) =>
  isArray(value) ??
  ((value as unknown[]).length > 0 && (value as unknown[]).every((one) => isText(one) === undefined)
    ? undefined
    : 'must be a list of texts, at least one');

const isName: OptionCheck = (value) =>
  typeof value === 'string' && /^[A-Za-z][A-Za-z0-9-]{0,40}$/.test(value)
    ? undefined
    : 'must begin with a letter and have at most 41 letters, digits and hyphens';

const isRegions: OptionCheck = (value) =>
  isTexts(value) ??
  ((value as string[]).every((region) => /^[a-z]{2}(-[a-z]+)+-\d$/.test(region))
    ? undefined
    : 'must be Regions such as "us-east-1"');

/** A budget has at most ten notifications, and one is for the forecast. */
const isThresholds: OptionCheck = (value) =>
  isArray(value) ??
  ((value as unknown[]).length > 0 &&
  (value as unknown[]).length <= 9 &&
  new Set(value as unknown[]).size === (value as unknown[]).length &&
  (value as unknown[]).every((one) => isAmount(one) === undefined)
    ? undefined
    : 'must be one to nine different percentages');

function checkLogging(logging: LoggingConfig): void {
  checkOptions<LoggingConfig>(
    'cli',
    logging,
    { bucket: isText, prefix: isText, logGroup: isText, roleArn: isText, bodies: isBoolean },
    'logging.',
  );
  const { bucket, logGroup, roleArn } = logging;
  if (bucket === undefined && logGroup === undefined)
    throw new InvalidOptionError('cli', 'logging', 'must name a bucket, or a logGroup with its roleArn');
  if ((logGroup === undefined) !== (roleArn === undefined))
    throw new InvalidOptionError('cli', 'logging.roleArn', 'and logging.logGroup belong together');
}

/** @throws `InvalidOptionError` for what is unknown, missing or wrong. */
export function checkAlertsConfig(config: AlertsConfig): AlertsConfig {
  checkOptions<AlertsConfig>('cli', config, {
    name: isName,
    regions: isRegions,
    monthlyUsd: isAmount,
    thresholdsPercent: isThresholds,
    emails: isTexts,
    topicArn: isText,
    tag: isObject,
    anomalyUsd: isAmount,
    models: isTexts,
    hourlyUsd: isAmount,
    throttlesPerHour: isAmount,
    logging: isObject,
  });
  for (const name of ['regions', 'monthlyUsd'] as const)
    if (config[name] === undefined) throw new InvalidOptionError('cli', name, 'is missing');
  if (config.tag !== undefined) {
    checkOptions('cli', config.tag, { key: isText, values: isTexts }, 'tag.');
    if (config.tag.key === undefined || config.tag.values === undefined)
      throw new InvalidOptionError('cli', 'tag', 'must have a key and values');
  }
  if (config.logging !== undefined) checkLogging(config.logging);
  return config;
}

/** Reads the configuration of a file. @throws `CliUsageError` for a file that is none. */
export async function readAlertsConfig(file: string): Promise<AlertsConfig> {
  let config: AlertsConfig;
  try {
    config = JSON.parse(await readFile(file, 'utf8')) as AlertsConfig;
  } catch (cause) {
    throw new CliUsageError(
      `cannot read "${file}" as JSON. \`costkit alerts --help\` shows a file`,
      'COSTKIT_INVALID_CONFIG',
      { cause },
    );
  }
  return checkAlertsConfig(config);
}
