import { describe, expect, it } from 'vitest';
import { readResponse } from './read-response.js';
import { viewRequest } from './view-request.js';

/** As the SDK's `Uint8ArrayBlobAdapter`: a byte array that can say itself as text. */
class SdkBytes extends Uint8Array {
  transformToString(): string {
    return new TextDecoder().decode(this);
  }
}

const CLAUDE = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';

describe('readResponse', () => {
  it('puts another text into an InvokeModel answer whose bytes can still say themselves as text', () => {
    const view = viewRequest('InvokeModel', {
      modelId: CLAUDE,
      body: JSON.stringify({ anthropic_version: 'bedrock-2023-05-31', max_tokens: 9, messages: [] }),
    });
    const body = new SdkBytes(
      new TextEncoder().encode(
        JSON.stringify({
          content: [{ type: 'text', text: 'cut' }],
          stop_reason: 'max_tokens',
          usage: { input_tokens: 1, output_tokens: 2 },
        }),
      ),
    );
    const read = readResponse(view, { output: { body, contentType: 'application/json' } });
    expect(read).toMatchObject({ text: 'cut', stopReason: 'max_tokens', usage: { input: 1, output: 2 } });
    const edited = read?.withText('whole', 'end_turn') as {
      body: SdkBytes;
      contentType: string;
    };
    expect(JSON.parse(edited.body.transformToString())).toMatchObject({
      content: [{ type: 'text', text: 'whole' }],
      stop_reason: 'end_turn',
    });
    expect(edited.contentType).toBe('application/json');
  });

  it('does not pretend to read what it cannot', () => {
    const view = viewRequest('InvokeModel', { modelId: 'acme.unheard-of-v1', body: '{}' });
    expect(readResponse(view, { output: { body: new Uint8Array() } })).toBeUndefined();
    const known = viewRequest('InvokeModel', {
      modelId: CLAUDE,
      body: '{"anthropic_version":"x","messages":[]}',
    });
    expect(readResponse(known, { output: { body: new TextEncoder().encode('no json') } })).toBeUndefined();
  });

  it('leaves an answer as it is where the format has no place for another text', () => {
    const view = viewRequest('InvokeModel', {
      modelId: 'amazon.titan-embed-text-v2:0',
      body: '{"inputText":"Hi"}',
    });
    const output = { body: new TextEncoder().encode('{"embedding":[0.1],"inputTextTokenCount":1}') };
    expect(readResponse(view, { output })?.withText('x', 'y')).toBe(output);
  });
});
