import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { emfProblems } from './emf-rules.js';

const HANDLER = fileURLToPath(new URL('./emf-handler.ts', import.meta.url));

describe('emfSink in a process that is frozen after its handler', { timeout: 60_000 }, () => {
  it('has written every line by the time the meter is flushed', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=@costkit/source', HANDLER], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += String(chunk);
    });
    const [, signal] = (await once(child, 'close')) as [number | null, string];
    expect(signal).toBe('SIGKILL');
    const lines = output.split('\n').slice(0, -1);
    expect(lines.flatMap((line) => emfProblems(`${line}\n`))).toEqual([]);
    expect(lines.map((line) => (JSON.parse(line) as { receipt: { id: string } }).receipt.id)).toEqual(
      Array.from({ length: 300 }, (_, index) => `call-${index}`),
    );
  });
});
