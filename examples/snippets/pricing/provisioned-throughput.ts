import { costOf, resolveModelAsync } from '@costkit/pricing';
import { provisionedCostOf } from '@costkit/pricing/capacity';

const arn = 'arn:aws:bedrock:us-west-2:123456789012:provisioned-model/abcdef123456';
const model = await resolveModelAsync(arn, { lookup: { [arn]: 'meta.llama3-1-70b-instruct-v1:0' } });

const usage = { input: 900, output: 100, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheWrite30m: 0 };
const { total, notes } = costOf(usage, { model });
console.log(String(total), notes); // $0.00, because the hours are paid:

const month = provisionedCostOf({ model, modelUnits: 1, hours: 730, commitment: 'OneMonth' });
console.log(month === undefined ? 'quoted on request' : String(month)); // $15,461.40
