import { type AccountResource, ifPresent, specOf } from './account-resource.js';
import type { Json } from './json.js';
import type { Setup } from './setup.js';

const WIDTH = 12;
const HEIGHT = 6;

/** Graphs of one Region: every model that is or will be called there, found by search. */
const GRAPHS: readonly (readonly [title: string, metric: string, statistic: string])[] = [
  ['Input tokens, without those from the cache', 'InputTokenCount', 'Sum'],
  ['Output tokens', 'OutputTokenCount', 'Sum'],
  ['Tokens read from the cache', 'CacheReadInputTokenCount', 'Sum'],
  ['Tokens written to the cache', 'CacheWriteInputTokenCount', 'Sum'],
  ['Throttled calls', 'InvocationThrottles', 'Sum'],
  ['Latency, p90 (ms)', 'InvocationLatency', 'p90'],
];

const graph = (region: string, row: number, index: number): Json => {
  const [title, metric, statistic] = GRAPHS[index] as (typeof GRAPHS)[number];
  return {
    type: 'metric',
    x: (index % 2) * WIDTH,
    y: row + Math.floor(index / 2) * HEIGHT,
    width: WIDTH,
    height: HEIGHT,
    properties: {
      title: `${title}, ${region}`,
      region,
      view: 'timeSeries',
      period: 3_600,
      metrics: [
        [{ expression: `SEARCH('{AWS/Bedrock,ModelId} MetricName="${metric}"', '${statistic}', 3600)` }],
      ],
    },
  };
};

const MARK = /<!-- costkit:alerts (\S+) (\S+) -->/;

/** The head of the dashboard. It also says whose it is: not every version of the service has tags for dashboards. */
const head = (text: string): Json => ({
  type: 'text',
  x: 0,
  y: 0,
  width: 2 * WIDTH,
  height: 1,
  properties: { markdown: text },
});

interface Body {
  readonly widgets?: readonly { readonly properties?: { readonly markdown?: string } }[];
}

/** One dashboard, in the first Region, of all Regions. */
export function dashboardResource(setup: Setup): AccountResource {
  const { clients, config, home, name } = setup;
  const graphs = config.regions.flatMap((region, order) =>
    GRAPHS.map((_, index) => graph(region, 1 + order * (GRAPHS.length / 2) * HEIGHT, index)),
  );
  const title = `Amazon Bedrock, from \`costkit alerts\` (${name})`;
  const desired: Json = { widgets: [head(title), ...graphs] };
  const mark = `<!-- costkit:alerts ${name} ${specOf(desired)} -->`;
  const input = {
    DashboardName: name,
    DashboardBody: JSON.stringify({ widgets: [head(`${title} ${mark}`), ...graphs] }),
  };
  const load = () => Promise.all([clients.cloudWatch(home), import('@aws-sdk/client-cloudwatch')]);
  const put = async (): Promise<void> => {
    const [client, { PutDashboardCommand }] = await load();
    await client.send(new PutDashboardCommand(input));
  };
  return {
    kind: 'dashboard',
    name,
    region: home,
    desired,
    requests: [{ operation: 'PutDashboard', input }],
    read: async () => {
      const [client, { GetDashboardCommand }] = await load();
      const answer = await ifPresent(
        client.send(new GetDashboardCommand({ DashboardName: name })),
        'ResourceNotFound',
        'DashboardNotFoundError',
      );
      if (answer?.DashboardBody === undefined) return undefined;
      const [, owner, spec] =
        MARK.exec((JSON.parse(answer.DashboardBody) as Body).widgets?.[0]?.properties?.markdown ?? '') ?? [];
      const view = JSON.parse(answer.DashboardBody.replace(/ <!-- costkit:alerts \S+ \S+ -->/, '')) as Json;
      return { view, ours: owner === name, spec };
    },
    create: put,
    update: put,
    remove: async () => {
      const [client, { DeleteDashboardsCommand }] = await load();
      await client.send(new DeleteDashboardsCommand({ DashboardNames: [name] }));
    },
  };
}
