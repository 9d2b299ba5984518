import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { readManifest } from '../workspace.js';

/** One entry point of a package and the report of what it exports. */
export interface EntryPoint {
  readonly packageFolder: string;
  readonly declarations: string;
  readonly reportName: string;
}

/** Reports what each entry point exports, by the name of the report. */
export function extractReports(entryPoints: readonly EntryPoint[]): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'costkit-api-'));
  try {
    const configs = entryPoints.map((entryPoint) => configOf(entryPoint, folder));
    const [first] = configs;
    if (first === undefined) return new Map();
    // One program for all of them: the declarations of the SDK are read once.
    const compilerState = CompilerState.create(first, {
      additionalEntryPoints: entryPoints.map(({ declarations }) => declarations),
    });
    for (const config of configs) extract(config, compilerState);
    return new Map(
      entryPoints.map(({ reportName }) => [reportName, readFileSync(join(folder, reportName), 'utf8')]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function extract(config: ExtractorConfig, compilerState: CompilerState): void {
  const problems: string[] = [];
  Extractor.invoke(config, {
    compilerState,
    localBuild: true,
    messageCallback: (message) => {
      message.handled = true;
      if (message.logLevel === ExtractorLogLevel.Error) problems.push(message.text);
    },
  });
  if (problems.length > 0) throw new Error(`${config.reportFilePath}: ${problems.join('\n')}`);
}

function configOf({ packageFolder, declarations, reportName }: EntryPoint, folder: string): ExtractorConfig {
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(packageFolder, 'package.json'),
    packageJson: readManifest(packageFolder) as never,
    configObject: {
      projectFolder: packageFolder,
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
