import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { REQUIRE_VARIABLE, requireServer, SKIP_LIST_VARIABLE, skippedServers } from './servers.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'costkit-servers-'));
  vi.stubEnv('PATH', folder);
  vi.stubEnv('CHROMIUM_PATH', undefined);
  vi.stubEnv(REQUIRE_VARIABLE, undefined);
  vi.stubEnv(SKIP_LIST_VARIABLE, join(folder, 'skipped'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe('requireServer', () => {
  it('finds a program on the path', () => {
    writeFileSync(join(folder, 'chromium-browser'), '');
    expect(requireServer('chromium', 'a page')).toEqual({ command: join(folder, 'chromium-browser') });
    expect(skippedServers(join(folder, 'skipped'))).toEqual([]);
  });

  it('prefers the program that the environment names', () => {
    const command = join(folder, 'my-browser');
    writeFileSync(join(folder, 'chromium'), '');
    writeFileSync(command, '');
    vi.stubEnv('CHROMIUM_PATH', command);
    expect(requireServer('chromium', 'a page')).toEqual({ command });
  });

  it('passes over a postgres without the extension pgvector', () => {
    const command = join(folder, 'postgres');
    const config = join(folder, 'pg_config');
    writeFileSync(command, '');
    vi.stubEnv('POSTGRES_PATH', command);
    expect(requireServer('pgvector', 'a store')).toBeUndefined();
    writeFileSync(config, `#!/bin/sh\necho ${folder}`, { mode: 0o755 });
    expect(requireServer('pgvector', 'a store')).toBeUndefined();
    mkdirSync(join(folder, 'extension'));
    writeFileSync(join(folder, 'extension/vector.control'), '');
    expect(requireServer('pgvector', 'a store')).toEqual({ command });
  });

  it('notes once what is skipped and how to get it', () => {
    expect(requireServer('chromium', 'a page')).toBeUndefined();
    expect(requireServer('chromium', 'a page')).toBeUndefined();
    expect(skippedServers(join(folder, 'skipped'))).toEqual([
      'a page (needs chromium: `apt-get install chromium`, or set CHROMIUM_PATH to a Chromium or Chrome)',
    ]);
  });

  it('skips silently where nobody collects what is skipped', () => {
    vi.stubEnv(SKIP_LIST_VARIABLE, undefined);
    expect(requireServer('chromium', 'a page')).toBeUndefined();
  });

  it.each(['1', 'redis,chromium'])('fails when servers are required by %s', (required) => {
    vi.stubEnv(REQUIRE_VARIABLE, required);
    expect(() => requireServer('chromium', 'a page')).toThrow(
      'a page needs chromium: `apt-get install chromium`',
    );
  });

  it('skips what is not among the required ones', () => {
    vi.stubEnv(REQUIRE_VARIABLE, 'redis');
    expect(requireServer('chromium', 'a page')).toBeUndefined();
  });
});
