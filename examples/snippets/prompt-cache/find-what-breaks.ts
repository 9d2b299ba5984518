import { lintPrefix } from '@costkit/prompt-cache';

const rules = 'A customer may return every product within thirty days of its delivery. '.repeat(200);
const requestAt = (time: string) => ({
  modelId: 'us.anthropic.claude-sonnet-5',
  system: [{ text: `It is ${time}. ${rules}` }],
  messages: [{ role: 'user', content: [{ text: 'May I return a hat?' }] }],
});

const findings = lintPrefix([requestAt('10:41'), requestAt('10:42')], { requestsPerDay: 20_000 });
for (const { where, description, lostPerDay, mend } of findings) {
  // system[0] at character 10: A date or time differs.
  console.log(`${where}: ${description} ${lostPerDay} a day. ${mend}`);
}
