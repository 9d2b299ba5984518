import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { IS_BUILT } from '../../../tools/vitest/is-built.js';

const CHILD = fileURLToPath(new URL('syncing-process.ts', import.meta.url));

/** Syncs in another process, which is killed as soon as it has embedded so many texts; the signal it ended by. */
export const killedAfter = (texts: number, endpoint: string, file: string): Promise<NodeJS.Signals | null> =>
  new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [
        '--import',
        import.meta.resolve('tsx'),
        ...(IS_BUILT ? [] : ['--conditions=@costkit/source']),
        CHILD,
        endpoint,
        file,
      ],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
      },
    );
    let said = '';
    child.stdout.on('data', (piece: Buffer) => {
      said += piece.toString();
      if (said.split('embed ').length > texts) child.kill('SIGKILL');
    });
    child.on('exit', (_, signal) => resolve(signal));
  });
