import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';

/** Gives each test of a file its own folder for temporary files. @returns its path and what stands in it. */
export function tempFolder(): { readonly path: string; list(): string[] } {
  let path = '';
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'costkit-test-'));
    vi.stubEnv('TMPDIR', path);
    vi.stubEnv('TEMP', path);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(path, { recursive: true });
  });
  return {
    get path() {
      return path;
    },
    list: () => readdirSync(path),
  };
}
