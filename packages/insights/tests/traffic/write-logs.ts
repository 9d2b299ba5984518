import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ACCOUNT, type LoggedCall, logRecord } from './log-record.js';
import type { BilledLine } from './plant.js';
import type { Random } from './random.js';

/** Writes calls as Bedrock's logging lays them out: a gzipped file of JSON lines an hour, by account and Region. */
export function writeLogs(folder: string, calls: readonly LoggedCall[], random: Random): void {
  const hours = new Map<string, string[]>();
  for (const call of [...calls].sort((one, other) => one.at - other.at)) {
    const [day = '', time = ''] = new Date(call.at).toISOString().split('T');
    const { account = ACCOUNT, region = 'us-east-1' } = call;
    const hour = `AWSLogs/${account}/BedrockModelInvocationLogs/${region}/${day.replaceAll('-', '/')}/${time.slice(0, 2)}`;
    const lines = hours.get(hour) ?? [];
    lines.push(`${JSON.stringify(logRecord(call, random.id()))}\n`);
    hours.set(hour, lines);
  }
  for (const [hour, lines] of hours) {
    mkdirSync(join(folder, hour), { recursive: true });
    writeFileSync(join(folder, hour, `${random.id()}.json.gz`), gzipSync(lines.join(''), { level: 1 }));
  }
}

/** Writes the lines of a bill as CUR 2.0 has them. */
export function writeBill(folder: string, lines: readonly BilledLine[]): void {
  const columns =
    'line_item_usage_start_date,line_item_line_item_type,line_item_usage_type,line_item_product_code,line_item_unblended_cost';
  const rows = lines.map(({ day, usageType, service, usd }) => `${day},Usage,${usageType},${service},${usd}`);
  writeFileSync(join(folder, 'cur.csv'), `${[columns, ...rows].join('\n')}\n`);
}
