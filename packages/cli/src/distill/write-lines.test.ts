import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeLines } from './write-lines.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'costkit-write-lines-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('writeLines', () => {
  it('writes for its owner alone, in place of what was there', async () => {
    const file = join(folder, 'train.jsonl');
    writeFileSync(file, 'old', { mode: 0o644 });
    writeFileSync(`${file}.part`, 'half', { mode: 0o644 });
    await writeLines(['a\n', 'b\n'], file);
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['a\nb\n', 0o600]);
    expect(readdirSync(folder)).toEqual(['train.jsonl']);
  });

  it('leaves nothing of what a job would refuse, or cannot be written', async () => {
    const file = join(folder, 'train.jsonl');
    const invalid = { name: 'CliUsageError', code: 'COSTKIT_INVALID_OPTION' };
    await expect(writeLines(['äöü\n', 'x\n'], file, 9)).rejects.toMatchObject(invalid);
    await expect(writeLines(['äöü\n', 'x\n'], file, 10)).resolves.toBeUndefined();
    mkdirSync(join(folder, 'taken'));
    await expect(writeLines(['x\n'], join(folder, 'taken'))).rejects.toMatchObject({
      code: 'COSTKIT_CANNOT_WRITE',
    });
    await expect(writeLines(['x\n'], join(folder, 'nowhere', 'x'))).rejects.toMatchObject({
      code: 'COSTKIT_CANNOT_WRITE',
    });
    expect(readdirSync(folder).sort()).toEqual(['taken', 'train.jsonl']);
  });
});
