/** Collects what the oracle cannot model, each once, in an order that does not depend on the input's. */
import { getOrMake } from './get-or-make.ts';
import type { Prediction } from './oracle.ts';

export type Finding = Prediction['unmodelled'][number];

export interface Findings {
  /** `line` is 0 where the model does not keep the statement's line. */
  add(node: string, line: number, text: string, why: string): void;
  /** One finding for many prefixes: `why` gets an example and how many there are. */
  addPrefix(node: string, text: string, why: string, prefix: string): void;
  list(): readonly Finding[];
}

export function collectFindings(): Findings {
  const single = new Map<string, Finding>();
  const byPrefix = new Map<string, { readonly finding: Finding; readonly prefixes: Set<string> }>();
  return {
    add(node, line, text, why) {
      single.set(`${node}\0${line}\0${text}\0${why}`, { node, line, text, why });
    },
    addPrefix(node, text, why, prefix) {
      const key = `${node}\0${text}\0${why}`;
      const finding = { node, line: 0, text, why };
      getOrMake(byPrefix, key, () => ({ finding, prefixes: new Set<string>() })).prefixes.add(prefix);
    },
    list() {
      const grouped = [...byPrefix.values()].map(({ finding, prefixes }) => {
        const [first] = [...prefixes].sort();
        const others = prefixes.size > 1 ? ` and ${prefixes.size - 1} more` : '';
        return { ...finding, why: `${finding.why} (${first}${others})` };
      });
      return [...single.values(), ...grouped].sort(
        (a, b) => compare(a.node, b.node) || a.line - b.line || compare(a.text, b.text) || compare(a.why, b.why),
      );
    },
  };
}

/** Order by code unit: the same on every machine. */
export function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
