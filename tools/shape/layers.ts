/**
 * The layers of the house, lowest first. A package may depend on packages of lower layers; inside the ground and
 * planning in the order given; levers never on one another.
 */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  ground: ['pricing', 'tokens', 'core'],
  levers: ['router', 'prompt-cache', 'output-limiter', 'batch', 'embeddings', 'meter'],
  planning: ['planner', 'insights'],
  doors: ['costkit', 'cli'],
  bench: ['local', 'testing'],
};

/** What `@costkit/local` may import of ours: it must not share the arithmetic that it is there to check. */
export const LOCAL_IMPORTS: readonly string[] = ['@costkit/pricing/catalogue'];

/** Folders that a package may depend on at run time. */
export function allowedDependencies(folder: string): readonly string[] {
  const { ground = [], levers = [], planning = [], doors = [] } = LAYERS;
  if (ground.includes(folder)) return ground.slice(0, ground.indexOf(folder));
  if (levers.includes(folder)) return ground;
  if (planning.includes(folder)) {
    return [...ground, ...levers, ...planning.slice(0, planning.indexOf(folder))];
  }
  if (folder === 'local') return ['pricing'];
  if (folder === 'testing') return ground;
  return [...ground, ...levers, ...planning, 'local', ...doors.slice(0, doors.indexOf(folder))];
}

/** Name under which a folder of `packages` is published. */
export function packageName(folder: string): string {
  return folder === 'costkit' ? 'costkit' : `@costkit/${folder}`;
}
