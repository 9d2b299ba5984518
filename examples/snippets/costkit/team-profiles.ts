import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as commands from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { applyProfiles, profileMap, type TeamProfile } from '@costkit/meter/profiles';
import { costkit, receiptOf, withTags } from 'costkit';

const [cheap, strong] = ['us.anthropic.claude-haiku-5-5', 'us.anthropic.claude-opus-5-5'];
const file = join(tmpdir(), `bedrock-profiles-${process.pid}.json`);

// When you deploy: a tagged profile of each model for every team, in a file beside the code.
const { profiles } = await applyProfiles({
  bedrock: new commands.BedrockClient({ region: 'us-east-1' }),
  commands,
  owners: [{ tags: { team: 'search' }, models: [cheap, strong] }],
});
await writeFile(file, JSON.stringify(profiles));

// When you run: nothing is asked of AWS, not even in a cold start.
const known = JSON.parse(await readFile(file, 'utf8')) as TeamProfile[];
const client = costkit(new BedrockRuntimeClient({ region: 'us-east-1' }), {
  profiles: profileMap(known, { ownerTags: ['team'] }),
  router: {
    tiers: [
      { name: 'cheap', modelId: cheap },
      { name: 'strong', modelId: strong },
    ],
    rules: [{ when: { task: 'label' }, tier: 'cheap' }],
  },
});

// The team calls its profile of the strong model, and pays its profile of the cheap one.
const modelId = known.find((profile) => profile.modelId === strong)?.arn;
const output = await withTags({ task: 'label' }, () =>
  client.send(
    new ConverseCommand({ modelId, messages: [{ role: 'user', content: [{ text: 'Label this mail.' }] }] }),
  ),
);
const receipt = receiptOf(output);
console.log(receipt?.servedModel, String(receipt?.cost), receipt?.attempts[0]?.modelId);
