import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createMeter, withMeter } from '@costkit/meter';
import { dynamoDbBudgetStore } from '@costkit/meter/dynamodb';

const meter = createMeter({
  budgets: [{ name: 'account', limitUsd: 100, period: 'month', onExceed: 'block' }],
  maxOutputTokens: 500,
  store: dynamoDbBudgetStore({ client: new DynamoDBClient({ region: 'us-east-1' }), tableName: 'budgets' }),
});
const client = withMeter(new BedrockRuntimeClient({ region: 'us-east-1' }), { meter });

await client.send(
  new ConverseCommand({
    modelId: 'us.amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text: 'Why is the sky blue?' }] }],
  }),
);
await meter.close();
