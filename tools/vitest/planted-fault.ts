import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

/** A change of source text that makes a decision wrong. */
export interface PlantedFault {
  /** Below the folder of the sources. */
  readonly file: string;
  /** Must stand in the file exactly once, so that a fault cannot be lost when the file changes. */
  readonly replace: string;
  readonly by: string;
}

const ENTRY = 'planted:entry';

/**
 * Loads sources with faults in them, apart from the sources themselves: nothing is replaced for anybody else.
 *
 * @param folder - of the sources
 * @param files - whose exports are wanted
 * @param modules - what the sources import from other packages, by name
 */
export async function loadWithFaults<Exports>(
  folder: string,
  files: readonly string[],
  modules: Readonly<Record<string, object>>,
  faults: readonly PlantedFault[],
): Promise<Exports> {
  const build = await rolldown({
    input: ENTRY,
    external: Object.keys(modules),
    plugins: [
      {
        name: 'planted-faults',
        resolveId(specifier, importer) {
          if (specifier === ENTRY) return ENTRY;
          if (importer === undefined || !specifier.startsWith('.')) return null;
          return join(folder, specifier.replace(/^\.\//, '').replace(/\.js$/, '.ts'));
        },
        load(id) {
          if (id === ENTRY) return files.map((file) => `export * from './${file}';`).join('\n');
          return planted(readFileSync(id, 'utf8'), id.slice(folder.length), faults);
        },
      },
    ],
  });
  const { output } = await build.generate({ format: 'cjs' });
  await build.close();
  const exported = {};
  const load = new Function('exports', 'require', output[0].code) as (
    exports: object,
    require: (name: string) => object,
  ) => void;
  load(exported, (name) => modules[name] ?? missing(name));
  return exported as Exports;
}

function planted(source: string, file: string, faults: readonly PlantedFault[]): string {
  let code = source;
  for (const fault of faults) {
    if (!file.endsWith(`/${fault.file}`) && file !== fault.file) continue;
    const found = code.split(fault.replace).length - 1;
    if (found !== 1)
      throw new Error(`${fault.file} holds the text of a fault ${found} times: ${fault.replace}`);
    code = code.replace(fault.replace, () => fault.by);
  }
  return code;
}

function missing(name: string): never {
  throw new Error(`The sources import ${name}, which the test does not hand in.`);
}
