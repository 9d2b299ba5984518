import { describe, expect, it } from 'vitest';
import { killAll, runCommand } from './command.js';

const node = (script: string, options?: Parameters<typeof runCommand>[2]): ReturnType<typeof runCommand> =>
  runCommand(process.execPath, ['-e', script], options);

describe('runCommand', () => {
  it('keeps both outputs in order and the exit code', async () => {
    const script = "fs.writeSync(1, 'one '); fs.writeSync(2, 'two '); process.exitCode = 3;";
    const { exitCode, output, timedOut } = await node(script);
    expect({ exitCode, timedOut }).toEqual({ exitCode: 3, timedOut: false });
    expect(output).toContain('one ');
    expect(output).toContain('two ');
  });

  it('adds to the environment and asks for no colours', async () => {
    const { output } = await node('console.log(process.env.COLOUR, process.env.NO_COLOR)', {
      env: { COLOUR: 'red' },
    });
    expect(output).toBe('red 1\n');
  });

  it('rejects when there is no such command', async () => {
    await expect(runCommand('costkit-no-such-command', [])).rejects.toThrow('ENOENT');
  });

  it('ends a command that takes too long, with everything it has started', async () => {
    // The grandchild keeps the pipe open: only its end lets the command close.
    const script = "child_process.spawn('sleep', ['60'], { stdio: 'inherit' }); setInterval(() => {}, 1000);";
    const { exitCode, output, timedOut } = await node(script, { timeoutMs: 300 });
    expect({ exitCode, timedOut }).toEqual({ exitCode: null, timedOut: true });
    expect(output).toContain('stopped after');
  });
});

describe('killAll', () => {
  it('ends every command that runs', async () => {
    const commands = [node('setInterval(() => {}, 1000)'), node('setInterval(() => {}, 1000)')];
    killAll();
    expect((await Promise.all(commands)).map(({ exitCode }) => exitCode)).toEqual([null, null]);
  });
});
