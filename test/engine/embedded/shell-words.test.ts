import test from 'ava';
import { shellWords } from '../../../src/engine/embedded/shell-words.ts';

test('words are split as a shell splits them', (t) => {
  t.deepEqual(shellWords('ip addr  add 192.0.2.1/24 dev eth1 '), ['ip', 'addr', 'add', '192.0.2.1/24', 'dev', 'eth1']);
  t.deepEqual(shellWords(`vtysh -c 'show ip route' -c "show \\"x\\" \\n"`), [
    'vtysh',
    '-c',
    'show ip route',
    '-c',
    'show "x" \\n',
  ]);
  t.deepEqual(shellWords(`a'b c'd "" \\ e`), ['ab cd', '', ' e']);
  t.deepEqual(shellWords(''), []);
});

test('nothing is expanded', (t) => {
  t.deepEqual(shellWords('echo $HOME * | tee `x` > /f; y'), ['echo', '$HOME', '*', '|', 'tee', '`x`', '>', '/f;', 'y']);
});

test('an open quote is an error', (t) => {
  t.throws(() => shellWords(`echo "a`), { instanceOf: SyntaxError, message: /not closed/ });
  t.throws(() => shellWords(`echo 'a`), { instanceOf: SyntaxError });
});
