/** AS path lists as functions: FRR's regular expressions over the text of a path. */
import type { AsPathListEntry } from 'frr-config';
import type { AsPath } from './as-path.ts';

export interface AsPathFilter {
  permits(path: AsPath): boolean;
}

/** What `_` stands for in FRR: the start, the end, or anything that parts ASNs. */
const SEPARATOR = '(^|[,{}() ]|$)';

/** The first entry that matches decides; where none does, the path is denied. */
export function compileAsPathList(entries: readonly AsPathListEntry[]): AsPathFilter {
  const rules = [...entries]
    .sort((a, b) => a.seq - b.seq)
    .flatMap(({ action, regex }) => {
      const matches = compileRegex(regex);
      return matches === undefined ? [] : [{ permit: action === 'permit', matches }];
    });
  const known = new Map<AsPath, boolean>();
  return {
    permits(path) {
      let answer = known.get(path);
      if (answer === undefined) {
        const text = path.asns.join(' ');
        answer = rules.find(({ matches }) => matches.test(text))?.permit ?? false;
        known.set(path, answer);
      }
      return answer;
    },
  };
}

/** Whether a list permits a path, nearest AS first. */
export function asPathPermits(entries: readonly AsPathListEntry[], asns: readonly number[]): boolean {
  return compileAsPathList(entries).permits({ asns, longer: new Map() });
}

/**
 * POSIX extended syntax means the same to JavaScript as long as nothing is escaped.
 * @returns undefined where it is not known to mean the same, or where FRR would not have taken it
 */
export function compileRegex(regex: string): RegExp | undefined {
  // FRR takes digits and punctuation only; a `?` or `*` after another repetition is lazy or an error elsewhere, and neither in POSIX.
  if (/[^0-9_^|[,{}() \]$*+.?-]|[*+?}][*+?{]|\(\?|(^|[(|^])[*+?{]/.test(regex)) return undefined;
  try {
    return new RegExp(regex.replaceAll('_', SEPARATOR));
  } catch {
    return undefined;
  }
}
