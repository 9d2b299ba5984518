import type { AccountResource } from './account-resource.js';
import { alarmResources } from './alarm-resource.js';
import { anomalyResources } from './anomaly-resources.js';
import { budgetResource } from './budget-resource.js';
import { dashboardResource } from './dashboard-resource.js';
import { loggingResource } from './logging-resource.js';
import type { Setup } from './setup.js';
import { topicResource } from './topic-resource.js';

/** A topic in each Region, as alarms need one of their own. */
function topicResources(setup: Setup): AccountResource[] {
  return setup.config.regions.flatMap((region) => {
    const arn = setup.topicIn(region);
    return arn === undefined ? [] : [topicResource(setup, region, arn)];
  });
}

/** Everything that a configuration asks for, in the order in which it is made. */
export async function allResources(setup: Setup): Promise<AccountResource[]> {
  const { config } = setup;
  const { logging } = config;
  return [
    ...(config.topicArn === undefined ? topicResources(setup) : []),
    ...(logging === undefined ? [] : config.regions.map((region) => loggingResource(setup, region, logging))),
    await budgetResource(setup),
    ...anomalyResources(setup),
    ...(await alarmResources(setup)),
    dashboardResource(setup),
  ];
}
