import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicPackages, type WorkspacePackage } from '../workspace.js';
import { type EntryPoint, extractReports } from './extract-reports.js';

/**
 * Compares what every public package exports with the reports in `etc/`, or rewrites the reports.
 *
 * @returns what is wrong, or with `update` what was rewritten
 */
export function compareApiReports(options: { readonly update: boolean }): string[] {
  const packages = publicPackages();
  const reports = extractReports(packages.flatMap(entryPointsOf));
  return packages.flatMap((workspacePackage) => compare(workspacePackage, reports, options.update));
}

function entryPointsOf({ folder, path, manifest }: WorkspacePackage): EntryPoint[] {
  return Object.entries(manifest.exports ?? {}).flatMap(([subpath, target]) => {
    if (typeof target === 'string') return [];
    const { types } = target;
    if (types === undefined) return [];
    const suffix = subpath === '.' ? '' : `.${subpath.slice(2).replaceAll('/', '.')}`;
    return [
      { packageFolder: path, declarations: join(path, types), reportName: `${folder}${suffix}.api.md` },
    ];
  });
}

function compare(
  workspacePackage: WorkspacePackage,
  extracted: ReadonlyMap<string, string>,
  update: boolean,
): string[] {
  const { folder, path } = workspacePackage;
  const reports = join(path, 'etc');
  const entryPoints = entryPointsOf(workspacePackage);
  const expected = new Set(entryPoints.map(({ reportName }) => reportName));
  const present = existsSync(reports) ? readdirSync(reports).filter((name) => name.endsWith('.api.md')) : [];
  const results = present
    .filter((name) => !expected.has(name))
    .map((name) => {
      if (update) rmSync(join(reports, name));
      return `packages/${folder}/etc/${name}: ${update ? 'removed' : 'has no entry point; run `pnpm api:update`'}`;
    });
  for (const { reportName } of entryPoints) {
    const where = `packages/${folder}/etc/${reportName}`;
    const report = extracted.get(reportName) ?? '';
    results.push(
      ...[...report.matchAll(UNDOCUMENTED)].map(
        ([, name = '']) => `${where}: ${name.trim()} has no documentation`,
      ),
    );
    const file = join(reports, reportName);
    const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (report === before) continue;
    if (!update) {
      results.push(`${where}: differs from the exports; read the difference, then run \`pnpm api:update\``);
      results.push(...difference(before, report));
      continue;
    }
    mkdirSync(reports, { recursive: true });
    writeFileSync(file, report);
    results.push(`${where}: written`);
  }
  return results;
}

/** An export (not a member, which is indented) whose tags say that it has no documentation. */
const UNDOCUMENTED = /^\/\/ @.*\(undocumented\)\nexport (.*?)[;{=:(]/gm;

function difference(before: string, after: string): string[] {
  const old = new Set(before.split('\n'));
  const fresh = new Set(after.split('\n'));
  return [
    ...[...old].filter((line) => !fresh.has(line)).map((line) => `  - ${line}`),
    ...[...fresh].filter((line) => !old.has(line)).map((line) => `  + ${line}`),
  ];
}
