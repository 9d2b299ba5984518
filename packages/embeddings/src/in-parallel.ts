/**
 * Works on items, so many at the same time, in their order. After the first failure none is begun any more; those that
 * were are waited for, so that what they have paid for is kept.
 *
 * @throws the first failure, as the same object
 */
export async function inParallel<T>(
  items: Iterable<T> | AsyncIterable<T>,
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let failure: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    try {
      for (
        let next = await waiting.next();
        next.done !== true && failure === undefined;
        next = await waiting.next()
      ) {
        await work(next.value);
        if (failure !== undefined) return;
      }
    } catch (error) {
      failure ??= { error };
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  if (failure === undefined) return;
  await waiting.return?.();
  throw (failure as { readonly error: unknown }).error;
}
