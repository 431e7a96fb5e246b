import { execFileSync } from 'node:child_process';
import test from 'ava';
import fc from 'fast-check';
import { shellLine } from '../../src/router/shell-quote.ts';

/** The words as a POSIX shell hands them to a program. */
function words(line: string): string[] {
  const printed = execFileSync('/bin/sh', ['-c', `f() { printf '%s\\0' "$@"; }; f ${line}`], { encoding: 'utf8' });
  return printed.split('\0').slice(0, -1);
}

const nasty = [
  '',
  ' ',
  "'",
  "''",
  "'\\''",
  '"',
  '\\',
  '\\n',
  '\n',
  'a\nb',
  '\t',
  '$HOME',
  '$(id)',
  '`id`',
  '*',
  '~',
  '!!',
  '#x',
  ';',
  '&',
  '|',
  '>f',
  '-n',
  'A=1',
  'if',
  'ä🙂',
  '\u001b[31m',
];

test('words reach the program as they were', (t) => {
  t.deepEqual(words(shellLine(nasty)), nasty);
});

test('any words reach the program as they were', (t) => {
  const word = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'\'"\\$`!*?[]{}()<>|&;#~=% \t\n\rab') }),
    fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
  );
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (argv) => {
      t.deepEqual(words(shellLine(argv)), argv);
    }),
    { numRuns: 150 },
  );
  t.pass();
});

test('the first word is a program, never a keyword, an assignment or an alias', (t) => {
  for (const word of ['if', 'A=1', '{', '!']) {
    const ended = t.throws(() => execFileSync('/bin/sh', ['-c', shellLine([word])], { stdio: 'pipe' }));
    t.is((ended as { status?: number } | undefined)?.status, 127, word);
  }
});

test('what no program can be given', (t) => {
  t.throws(() => shellLine([]), { instanceOf: TypeError });
  t.throws(() => shellLine(['a\0b']), { instanceOf: TypeError, message: /NUL/ });
});
