import process from 'node:process';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { leaveOutputToReaders } from './leave-output-to-readers.js';

/** What the command says, and how it ends, when its output fails. */
function afterError(code: string): { readonly said: string; readonly exitCode: unknown } {
  const streams = [process.stdout, process.stderr];
  const before = streams.map((stream) => stream.listeners('error'));
  const exitCode = process.exitCode;
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  onTestFinished(() => {
    write.mockRestore();
    process.exitCode = exitCode;
    for (const [index, stream] of streams.entries()) {
      for (const listener of stream.listeners('error')) {
        if (!before[index]?.includes(listener)) stream.off('error', listener as () => void);
      }
    }
  });
  leaveOutputToReaders();
  const error = Object.assign(new Error('write'), { code });
  process.stdout.emit('error', error);
  process.stdout.emit('error', error);
  process.stderr.emit('error', error);
  return { said: write.mock.calls.map(([text]) => String(text)).join(''), exitCode: process.exitCode };
}

describe('leaveOutputToReaders', () => {
  it('says nothing when the reader has left', () => {
    const { exitCode } = process;
    expect(afterError('EPIPE')).toEqual({ said: '', exitCode });
  });

  it('says once that a disk is full', () => {
    expect(afterError('ENOSPC')).toEqual({
      said: 'costkit: the output cannot be written (ENOSPC).\n',
      exitCode: 1,
    });
  });
});
