import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runInside } from './run-inside.js';
import { runCommand, startCommand } from './start-command.js';

const costkit = (...args: string[]) => startCommand(args);
const run = (...args: string[]) => runInside(args);

describe('costkit', { timeout: 60_000 }, () => {
  it('prints help for itself and every command', async () => {
    const help = await run('--help');
    expect(help.code).toBe(0);
    for (const command of ['demo', 'local', 'price', 'report']) {
      expect(help.stdout).toContain(command);
      expect((await run(command, '--help')).stdout).toContain('--json');
    }
  });

  it('exits with 2 and one line for what it cannot use', async () => {
    for (const args of [
      ['price', 'acme.nope'],
      ['local', '--port', 'x'],
      ['demo', '--requests', 'nowhere.jsonl'],
      ['demo', '--requests', 'a', '--recorded', 'b'],
      ['demo', '--html', 'no-such-folder/demo.html'],
      ['demo', '--html', '.'],
      ['demo', '--tier', 'cheap=amazon.nova-lite-v1:0'],
      ['demo', '--model', 'amazon.nova-lite-v1:0'],
      ['demo', '--requests', 'any.jsonl', '--tier', 'cheap=amazon.nova-lite-v1:0'],
      ['embed', '.', '--dry-run', '--store', 'none.db', '--journal', 'jobs.journal'],
      ['report', 'ledger.jsonl', '--account', '123456789012'],
      ['embed', '.', '--store', 'no-such-folder/embeddings.db'],
    ]) {
      const { code, stderr, stdout } = await run(...args);
      expect(code, args.join(' ')).toBe(2);
      expect(stderr.trim().split('\n'), args.join(' ')).toHaveLength(1);
      expect(stdout).toBe('');
    }
    expect((await run('demo', '--nonsense')).code).toBe(2);
  });

  it('is a process that ends with the code of what it ran', async () => {
    expect(await runCommand(['price', 'acme.nope'])).toMatchObject({ code: 2, stdout: '' });
    expect((await runCommand(['--help'])).code).toBe(0);
  });

  it('says its version', async () => {
    const version = await run('--version');
    expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it('ends in silence when the reader of its output has left', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'costkit-program-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'receipts.jsonl'), '');
    for (const args of [['price'], ['report', folder]]) {
      const child = costkit(...args);
      child.stdout.destroy();
      let stderr = '';
      child.stderr.on('data', (chunk) => {
        stderr += String(chunk);
      });
      const [code] = await once(child, 'close');
      expect({ code, stderr }, args.join(' ')).toEqual({ code: 0, stderr: '' });
    }
  });

  it('prices a model for people and for programs', async () => {
    expect((await run('price', 'us.amazon.nova-lite-v1:0')).stdout).toContain('$0.06');
    expect(JSON.parse((await run('price', 'amazon.nova-lite-v1:0', '--json')).stdout)).toHaveProperty(
      'prices',
    );
    expect((await run('price')).stdout.split('\n').length).toBeGreaterThan(100);
  });

  it('serves a Bedrock whose variables lead any SDK there, and prints the bill at the end', async () => {
    const child = costkit('local', '--port', '0', '--json');
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const environment = JSON.parse((await lines.next()).value as string) as Record<string, string>;
    const client = new BedrockRuntimeClient({
      endpoint: environment['AWS_ENDPOINT_URL']!,
      region: environment['AWS_REGION']!,
      credentials: {
        accessKeyId: environment['AWS_ACCESS_KEY_ID']!,
        secretAccessKey: environment['AWS_SECRET_ACCESS_KEY']!,
      },
    });
    await client.send(
      new ConverseCommand({
        modelId: 'amazon.nova-lite-v1:0',
        messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
      }),
    );
    client.destroy();
    child.kill('SIGINT');
    expect(JSON.parse((await lines.next()).value as string)).toMatchObject({ requests: 1, complete: true });
    await once(child, 'close');
  });

  it('says when the port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const { code, stderr } = await runCommand(['local', '--port', String(port)]);
    server.close();
    expect(code).toBe(2);
    expect(stderr).toContain('COSTKIT_PORT_IN_USE');
  });
});
