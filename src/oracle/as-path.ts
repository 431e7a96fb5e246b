/** AS paths, each content made once: two paths are the same if they are the same object. */

export interface AsPath {
  /** Nearest AS first. */
  readonly asns: readonly number[];
  /** The paths that begin with one AS more. */
  readonly longer: Map<number, AsPath>;
}

/** The empty path, from which all others of one prediction are made. */
export function emptyAsPath(): AsPath {
  return { asns: [], longer: new Map() };
}

export function prepend(path: AsPath, asn: number): AsPath {
  let longer = path.longer.get(asn);
  if (!longer) {
    longer = { asns: [asn, ...path.asns], longer: new Map() };
    path.longer.set(asn, longer);
  }
  return longer;
}

/** Prepends a list that reads from left to right, as in `set as-path prepend`. */
export function prependAll(path: AsPath, asns: readonly number[]): AsPath {
  return asns.reduceRight(prepend, path);
}

export function countAs(path: AsPath, asn: number): number {
  const { asns } = path;
  let count = 0;
  for (let i = 0; i < asns.length; i++) if (asns[i] === asn) count++;
  return count;
}

/** ASNs that not all of the paths hold equally often: whoever gets "one of these" cannot know whether they are in it. */
export function doubtfulAsns(paths: readonly AsPath[], known: ReadonlySet<number> | undefined): ReadonlySet<number> {
  const doubtful = new Set(known);
  const all = new Set(paths.flatMap(({ asns }) => asns));
  for (const asn of all) {
    const count = countAs(paths[0]!, asn);
    if (paths.some((path) => countAs(path, asn) !== count)) doubtful.add(asn);
  }
  return doubtful;
}
