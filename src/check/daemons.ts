/** `/etc/frr/daemons`: which of FRR's daemons a node starts. */

/** Daemons with their line, counted from 1, and whether they start. */
export interface DaemonsFile {
  readonly file: string;
  readonly daemons: ReadonlyMap<string, { readonly starts: boolean; readonly line: number }>;
}

/** Reads a daemons file; the last word about a daemon counts, as in the shell that reads it. */
export function parseDaemons(file: string, text: string): DaemonsFile {
  const daemons = new Map<string, { readonly starts: boolean; readonly line: number }>();
  for (const [i, raw] of text.split('\n').entries()) {
    const [, name, value] = /^\s*([a-z0-9]+)\s*=\s*"?(yes|no)"?\s*(?:#.*)?$/.exec(raw) ?? [];
    if (name !== undefined) daemons.set(name, { starts: value === 'yes', line: i + 1 });
  }
  return Object.freeze({ file, daemons });
}
