/** Prefixes as the oracle handles them: parsed once, one object for each, compared by identity. */
import { contains, type Family, formatPrefix, type Prefix, parseAddress, parsePrefix } from '../fabric/cidr.ts';

export type { Family, Prefix } from '../fabric/cidr.ts';
export { contains, parseAddress, parsePrefix };

export interface KnownPrefix extends Prefix {
  /** Canonical: the key of a route table. */
  readonly text: string;
}

export interface PrefixTable {
  /** The prefix a text denotes, host bits cleared; undefined where it denotes none. */
  of(text: string): KnownPrefix | undefined;
}

export function prefixTable(): PrefixTable {
  const byInput = new Map<string, KnownPrefix | undefined>();
  const byText = new Map<string, KnownPrefix>();
  return {
    of(input) {
      if (byInput.has(input)) return byInput.get(input);
      const parsed = parsePrefix(input);
      let known: KnownPrefix | undefined;
      if (parsed) {
        const text = formatPrefix(parsed);
        known = byText.get(text);
        if (!known) {
          known = { family: parsed.family, address: parsed.address, length: parsed.length, text };
          byText.set(text, known);
        }
      }
      byInput.set(input, known);
      return known;
    },
  };
}

/** The address in `ADDRESS/LENGTH`, host bits kept. */
export function addressOf(text: string): { readonly family: Family; readonly address: bigint } | undefined {
  return parseAddress(text.split('/', 1)[0]!);
}

/** Addresses that zebra never gives to `redistribute`: loopback, link-local, multicast. */
const LOCAL_ONLY: readonly Prefix[] = ['127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '::1/128', 'fe80::/10'].map(
  (text) => parsePrefix(text)!,
);

export function isLocalOnly(prefix: Prefix): boolean {
  return LOCAL_ONLY.some((each) => contains(each, prefix));
}
