import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { publicPackages, readManifest, type WorkspacePackage } from '../workspace.js';

/** One entry point of a package and the report of what it exports. */
interface EntryPoint {
  readonly declarations: string;
  readonly reportName: string;
}

/**
 * Compares what every public package exports with the reports in `etc/`, or rewrites the reports.
 *
 * @returns what is wrong, or with `update` what was rewritten
 */
export function compareApiReports(options: { readonly update: boolean }): string[] {
  return publicPackages().flatMap((workspacePackage) => compare(workspacePackage, options.update));
}

function entryPointsOf({ folder, path, manifest }: WorkspacePackage): EntryPoint[] {
  return Object.entries(manifest.exports ?? {}).flatMap(([subpath, target]) => {
    if (typeof target === 'string') return [];
    const { types } = target;
    if (types === undefined) return [];
    const suffix = subpath === '.' ? '' : `.${subpath.slice(2).replaceAll('/', '.')}`;
    return [{ declarations: join(path, types), reportName: `${folder}${suffix}.api.md` }];
  });
}

function compare(workspacePackage: WorkspacePackage, update: boolean): string[] {
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
  for (const { declarations, reportName } of entryPoints) {
    const where = `packages/${folder}/etc/${reportName}`;
    const report = extract(path, declarations, reportName);
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

function extract(path: string, declarations: string, reportName: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'costkit-api-'));
  try {
    const problems: string[] = [];
    const config = ExtractorConfig.prepare({
      configObjectFullPath: undefined,
      packageJsonFullPath: join(path, 'package.json'),
      packageJson: readManifest(path) as never,
      configObject: {
        projectFolder: path,
        mainEntryPointFilePath: declarations,
        newlineKind: 'lf',
        compiler: { overrideTsconfig: TSCONFIG },
        apiReport: {
          enabled: true,
          reportFolder: folder,
          reportTempFolder: folder,
          reportFileName: reportName,
        },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        messages: {
          extractorMessageReporting: {
            default: { logLevel: ExtractorLogLevel.None },
            // Types that are used but not exported cannot be named by a user.
            'ae-forgotten-export': { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
          },
          tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        },
      },
    });
    Extractor.invoke(config, {
      localBuild: true,
      messageCallback: (message) => {
        message.handled = true;
        if (message.logLevel === ExtractorLogLevel.Error) problems.push(message.text);
      },
    });
    if (problems.length > 0) throw new Error(`${reportName}: ${problems.join('\n')}`);
    return readFileSync(join(folder, reportName), 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** No source condition: a report describes the declarations that users get. */
const TSCONFIG = {
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2023'],
    module: 'NodeNext',
    moduleResolution: 'NodeNext',
    strict: true,
    skipLibCheck: true,
    types: ['node'],
  },
};

function difference(before: string, after: string): string[] {
  const old = new Set(before.split('\n'));
  const fresh = new Set(after.split('\n'));
  return [
    ...[...old].filter((line) => !fresh.has(line)).map((line) => `  - ${line}`),
    ...[...fresh].filter((line) => !old.has(line)).map((line) => `  + ${line}`),
  ];
}
