import { type BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts, costkit, withTags } from 'costkit';

interface LambdaEvent {
  readonly body: string;
}

interface LambdaResult {
  readonly statusCode: number;
  readonly body: string;
}

interface Question {
  readonly question: string;
  readonly tenant: string;
}

function readQuestion(body: string): Question | undefined {
  try {
    return JSON.parse(body) as Question;
  } catch {
    return undefined;
  }
}

/** Wrapped once, at the cold start; the client's connections are kept from event to event. */
export function createHandler(bare: BedrockRuntimeClient): (event: LambdaEvent) => Promise<LambdaResult> {
  // A function that is started anew for every burst has no history: it takes its prompt to come again.
  const client = costkit(bare, { promptCache: { expectReuse: true }, tags: { service: 'opening-hours' } });
  return async (event) => {
    const question = readQuestion(event.body);
    if (question === undefined)
      return { statusCode: 400, body: JSON.stringify({ error: 'The body is no JSON.' }) };
    const { result, receipts } = await collectReceipts(() =>
      withTags({ tenant: question.tenant }, () =>
        client.send(
          new ConverseCommand({
            modelId: 'us.amazon.nova-micro-v1:0',
            messages: [{ role: 'user', content: [{ text: question.question }] }],
            inferenceConfig: { maxTokens: 60 },
          }),
        ),
      ),
    );
    const answer = result.output?.message?.content?.[0]?.text ?? '';
    const costUsd = receipts[0]?.cost?.toUsdString();
    return { statusCode: 200, body: JSON.stringify({ answer, costUsd }) };
  };
}
