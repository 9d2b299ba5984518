/**
 * Works on items, so many at the same time, in their order. After the first failure none is begun any more; those that
 * were are waited for, so that what they have paid for is kept.
 *
 * @throws the first failure, as the same object
 */
export async function inParallel<T>(
  items: Iterable<T>,
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items[Symbol.iterator]();
  let failure: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    for (let next = waiting.next(); next.done !== true && failure === undefined; next = waiting.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failure ??= { error };
      }
      if (failure !== undefined) return;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  if (failure !== undefined) throw (failure as { readonly error: unknown }).error;
}
