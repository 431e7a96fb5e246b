/** `--set NAME=VALUE` as design parameters. */
import { UsageError } from '../errors.ts';

/** `['bfd.intervalMs=300', 'servers=0']` is `{bfd: {intervalMs: 300}, servers: 0}`. @throws UsageError naming the setting */
export function settingsOf(pairs: readonly string[]): Readonly<Record<string, unknown>> {
  const result: Record<string, unknown> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const path = at < 0 ? [] : pair.slice(0, at).split('.');
    if (path.length === 0 || path.some((part) => !/^[A-Za-z][A-Za-z0-9]*$/.test(part))) {
      throw new UsageError(`--set ${pair}: write it as NAME=VALUE, such as --set spines=4 or --set bfd.intervalMs=300`);
    }
    let inner = result;
    for (const part of path.slice(0, -1)) {
      if (typeof inner[part] !== 'object') inner[part] = {};
      inner = inner[part] as Record<string, unknown>;
    }
    inner[path.at(-1) as string] = parseValue(pair.slice(at + 1));
  }
  return Object.freeze(result);
}

function parseValue(text: string): unknown {
  if (text === 'true' || text === 'on') return true;
  if (text === 'false' || text === 'off') return false;
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** A seed is a whole number from 0 to 2^32-1. @throws UsageError */
export function seedOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seed = Number(text);
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff || text === '') {
    throw new UsageError(`--seed ${text}: a seed is a whole number from 0 to 4294967295`);
  }
  return seed;
}

/** `5s`, `300ms`, `2m` in milliseconds. @throws UsageError */
export function durationOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text);
  if (match === null) throw new UsageError(`'${text}' is no duration: write 300ms, 5s or 2m`);
  return Number(match[1]) * { ms: 1, s: 1000, m: 60_000 }[match[2] as 'ms' | 's' | 'm'];
}
