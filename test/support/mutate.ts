/** Texts a little or quite wrong, for fuzzing readers: seeded and pure, so that a failure can be repeated from its seed. */

/** Numbers in [0, 1) from a seed: mulberry32, a 32-bit generator that is good enough to pick mutations. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;
type Mutation = (text: string, random: Random) => string;

/** What people and programs leave in files: YAML's and FRR's own signs, shell, control characters, numbers at limits. */
const ODD_TOKENS: readonly string[] = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ':',
    ': ',
    '- ',
    '#',
    '"',
    "'",
    '|',
    '>',
    '&a ',
    '*a',
    '<<: *a',
    '---\n',
    '...\n',
    '!!str ',
    '!x ',
    '%',
    '@',
    '`',
    '?',
    '~',
    'null',
  ],
  ...[
    '\t',
    '\r',
    '\0',
    '\u001b[31m',
    '\ufeff',
    '\u2028',
    '\ud800',
    'ä',
    '🙂',
    '\\',
    '\\x00',
    '../',
    '/..',
    '/',
    '$(id)',
    '${',
    '${X',
    '${X:=',
    '$$',
    ';',
    '&&',
  ],
  ...[
    '-1',
    '0',
    '1e999',
    '0x',
    '99999999999999999999',
    '.nan',
    'true',
    '4294967296',
    '255.255.255.256',
    '::',
    '/33',
    '__proto__',
    'constructor',
    '!',
    'no ',
  ],
];

const MUTATIONS: readonly Mutation[] = [
  onLines((lines, random) => lines.toSpliced(index(lines, random), 1)),
  onLines((lines, random) => {
    const at = index(lines, random);
    return lines.toSpliced(at, 0, lines[at] ?? '');
  }),
  onLines((lines, random) => lines.toSpliced(index(lines, random), 0, lines[index(lines, random)] ?? '')),
  onLines((lines, random) => {
    const [a, b] = [index(lines, random), index(lines, random)];
    return lines.with(a, lines[b] ?? '').with(b, lines[a] ?? '');
  }),
  onLines((lines, random) => {
    const at = index(lines, random);
    const width = 1 + Math.floor(random() * 4);
    const line = lines[at] ?? '';
    return lines.with(at, random() < 0.5 ? ' '.repeat(width) + line : line.replace(new RegExp(`^ {1,${width}}`), ''));
  }),
  onLines((lines, random) => {
    const at = index(lines, random);
    return lines.with(
      at,
      (lines[at] ?? '').replace(/^ */, (spaces) => '\t'.repeat(Math.max(1, spaces.length / 2))),
    );
  }),
  (text, random) => splice(text, random, 1, String.fromCharCode(32 + Math.floor(random() * 95))),
  (text, random) => splice(text, random, 1, String.fromCharCode(Math.floor(random() * 0x3000))),
  (text, random) => splice(text, random, 0, pick(ODD_TOKENS, random)),
  (text, random) => splice(text, random, 1 + Math.floor(random() * 12), pick(ODD_TOKENS, random)),
  (text, random) => splice(text, random, 1 + Math.floor(random() * 60), ''),
  (text, random) => text.slice(0, Math.floor(random() * text.length)),
  // A word of the text somewhere else: right by itself, wrong in its place.
  (text, random) => splice(text, random, Math.floor(random() * 8), pick(text.split(/\s+/), random)),
];

/** The text with one to four mutations, always the same ones for a seed. */
export function mutate(text: string, seed: number): string {
  const random = randomFrom(seed);
  let result = text;
  for (let left = 1 + Math.floor(random() * 4); left > 0; left--) result = pick(MUTATIONS, random)(result, random);
  return result;
}

function onLines(change: (lines: readonly string[], random: Random) => readonly string[]): Mutation {
  return (text, random) => change(text.split('\n'), random).join('\n');
}

function splice(text: string, random: Random, remove: number, insert: string): string {
  const at = Math.floor(random() * (text.length + 1));
  return text.slice(0, at) + insert + text.slice(at + remove);
}

function index(of: readonly unknown[], random: Random): number {
  return Math.floor(random() * of.length);
}

function pick<T>(from: readonly T[], random: Random): T {
  return from[index(from, random)]!;
}
