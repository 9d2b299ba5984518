import * as commands from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { deriveClient, settingsPlugin } from '@costkit/core';
import { createMeter, withMeter } from '@costkit/meter';
import { applyProfiles, profileMap, profileModels } from '@costkit/meter/profiles';

const [lite, pro] = ['us.amazon.nova-lite-v1:0', 'us.amazon.nova-pro-v1:0'];

// When you deploy: idempotent. Keep the profiles in a file, so that no cold start has to ask for them.
const { profiles, changes } = await applyProfiles({
  bedrock: new commands.BedrockClient({ region: 'us-east-1' }),
  commands,
  owners: [{ tags: { team: 'search' }, models: [lite, pro] }],
});
console.log(changes.map(({ action, name }) => `${action} ${name}`));

// When you run: calls through the profiles have a price, and the team's profile of another model is known.
const meter = createMeter();
const settings = settingsPlugin({ models: profileModels(profiles) });
const bedrock = deriveClient(new BedrockRuntimeClient({ region: 'us-east-1' }), settings);
const client = withMeter(bedrock, { meter });

const ofPro = profiles.find(({ modelId }) => modelId === pro)?.arn ?? '';
const ofLite = profileMap(profiles).counterpart(ofPro, lite);
for (const modelId of [ofPro, ofLite]) {
  await client.send(
    new ConverseCommand({ modelId, messages: [{ role: 'user', content: [{ text: 'Say hello.' }] }] }),
  );
}
console.log(String(meter.report().total.cost));
