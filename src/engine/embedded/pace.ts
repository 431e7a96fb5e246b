/** Doing many things a few at a time. */

/**
 * Runs `work` over all items, at most `width` at the same time, in order of the list.
 * Waits for those under way before it rejects, so that nothing goes on behind the caller's back.
 */
export async function paced<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  let failed = false;
  const errors: unknown[] = [];
  const worker = async () => {
    while (next < items.length && !failed) {
      const item = items[next++]!;
      try {
        await work(item);
      } catch (error) {
        failed = true;
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  if (failed) throw errors[0];
}
