/** Remembers the latest keys, up to a number; used to say things once. */
export function recentKeys(maxKeys: number): { isNew(key: string): boolean } {
  const keys = new Set<string>();
  return {
    isNew: (key) => {
      if (keys.has(key)) return false;
      keys.add(key);
      if (keys.size > maxKeys) keys.delete(keys.values().next().value as string);
      return true;
    },
  };
}
