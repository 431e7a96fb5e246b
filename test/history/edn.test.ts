import test from 'ava';
import { InputError } from '../../src/errors.ts';
import { type Edn, keyword, readEdn } from '../../src/history/edn.ts';
import { readJepsenHistory } from '../../src/history/jepsen.ts';

test('every kind of value', (t) => {
  const [value] = readEdn(
    '[nil true, -3 2.5e2 12345678901234567890 "a\\n\\"\\u0041" :k/w (1 [2]) #{1} foo \\a \\newline 7N] ; end',
  );
  t.deepEqual(value, [
    null,
    true,
    -3,
    250,
    12345678901234567890n,
    'a\n"A',
    keyword('k/w'),
    [1, [2]],
    new Set<Edn>([1]),
    { name: 'foo' },
    'a',
    '\n',
    7,
  ]);
});

test('maps, tagged values, comments and discarded values', (t) => {
  const [first, second, ...rest] = readEdn('{:a 1, "b" #_ (gone) nil}\n; comment\n#jepsen.Op{:f :read}');
  t.deepEqual(
    first,
    new Map<Edn, Edn>([
      [keyword('a'), 1],
      ['b', null],
    ]),
  );
  t.deepEqual(second, { tag: 'jepsen.Op', value: new Map<Edn, Edn>([[keyword('f'), keyword('read')]]) });
  t.is(rest.length, 0);
});

for (const text of ['[1 2', '{:a}', '"abc', ')', '"\\q"', '[1 #_']) {
  test(`not EDN: ${text}`, (t) => {
    t.throws(() => readEdn(`\n${text}`), { instanceOf: InputError, message: /line [23]/ });
  });
}

test('a Jepsen history: lists or bare maps, records, the nemesis left out', (t) => {
  const event = '{:process 1, :type :invoke, :f :cas, :value [0 2], :time 2500000}';
  const expected = [{ type: 'invoke', process: 1, f: 'cas', value: [0, 2], atMs: 2.5 }] as const;
  for (const text of [
    `[${event}]`,
    `(${event})`,
    event,
    `#jepsen.history.Op${event}`,
    `{:process :nemesis, :type :info, :f :kill} ${event}`,
  ]) {
    t.deepEqual(readJepsenHistory(text), expected);
  }
});

test('independent keys', (t) => {
  const text = '{:process 1, :type :ok, :f :cas, :value [:x [0 2]]}';
  t.like(readJepsenHistory(text, { keyed: true })[0], { key: 'x', value: [0, 2] });
  t.throws(() => readJepsenHistory('{:process 1, :type :ok, :f :read, :value 3}', { keyed: true }), {
    instanceOf: InputError,
  });
});
