import * as bedrock from '@aws-sdk/client-bedrock';
import { resolveModelAsync } from '@costkit/pricing';
import { bedrockLookup } from '@costkit/pricing/bedrock-lookup';

const client = new bedrock.BedrockClient({ region: 'us-east-1' });
const { inferenceProfileArn = '' } = await client.send(
  new bedrock.CreateInferenceProfileCommand({
    inferenceProfileName: 'team-search',
    modelSource: { copyFrom: 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0' },
  }),
);

// Ask Bedrock, once per ARN …
const asked = await resolveModelAsync(inferenceProfileArn, { lookup: bedrockLookup(client, bedrock) });
// … or say it yourself, without any permission.
const told = await resolveModelAsync(inferenceProfileArn, {
  lookup: { [inferenceProfileArn]: 'amazon.nova-lite-v1:0' },
});
console.log(asked.model.id, told.model.id);

await client.send(
  new bedrock.DeleteInferenceProfileCommand({ inferenceProfileIdentifier: inferenceProfileArn }),
);
