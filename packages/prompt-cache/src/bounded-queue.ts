/** A queue that drops its first item when it is full. */
export interface BoundedQueue<T> {
  first(): T | undefined;
  shift(): void;
  /** @returns what was dropped to make room */
  push(item: T): T | undefined;
}

/** A ring: what is bounded needs no other memory. */
export function createBoundedQueue<T>(size: number): BoundedQueue<T> {
  const items: (T | undefined)[] = [];
  let head = 0;
  let count = 0;
  const shift = (): T | undefined => {
    const item = items[head];
    items[head] = undefined;
    head = (head + 1) % size;
    count -= 1;
    return item;
  };
  return {
    first: () => (count === 0 ? undefined : items[head]),
    shift,
    push: (item) => {
      const dropped = count === size ? shift() : undefined;
      items[(head + count) % size] = item;
      count += 1;
      return dropped;
    },
  };
}
