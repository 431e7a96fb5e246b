/** Lists brought into one order, so that two models compare equal whatever order their texts had. */

/** The list under its name, in the order of `by` (code point by code point); nothing where it is absent or empty. */
export function ordered<K extends string, T>(
  key: K,
  items: readonly T[] | undefined,
  by: (item: T) => string,
): Partial<Record<K, readonly T[]>> {
  if (items === undefined || items.length === 0) return {};
  const sorted = items.toSorted((a, b) => (by(a) < by(b) ? -1 : by(a) > by(b) ? 1 : 0));
  const named: Partial<Record<string, readonly T[]>> = { [key]: sorted };
  return named as Partial<Record<K, readonly T[]>>;
}

export function name(one: { readonly name: string }): string {
  return one.name;
}
