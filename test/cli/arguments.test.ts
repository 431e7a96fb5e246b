import test from 'ava';
import { helpText, parseCommand, verbs } from '../../src/cli/arguments.ts';
import { durationOf, seedOf, settingsOf } from '../../src/cli/settings.ts';
import { UsageError } from '../../src/errors.ts';

test('every verb of the design is there and in the help', (t) => {
  const designed = 'generate check deploy destroy inspect exec graph fault shell capture save reload run judge'.split(
    ' ',
  );
  t.deepEqual(Object.keys(verbs).sort(), designed.sort());
  for (const verb of designed) t.regex(helpText(), new RegExp(`^  ${verb} `, 'm'));
});

test('--keep alone keeps always, with on-fail only then', (t) => {
  t.is(parseCommand(['run', 'pod', '--keep']).values['keep'], 'always');
  t.is(parseCommand(['run', '--keep', 'pod']).values['keep'], 'always');
  t.deepEqual(parseCommand(['run', '--keep', 'on-fail', 'pod']).operands, ['pod']);
  t.is(parseCommand(['run', 'pod', '--keep', 'on-fail']).values['keep'], 'on-fail');
});

test('containerlab flags keep their letters', (t) => {
  t.is(parseCommand(['deploy', '-t', 'x.clab.yml', '-c']).values['topo'], 'x.clab.yml');
  t.is(parseCommand(['destroy', '--cleanup', 'x']).values['cleanup'], true);
  t.is(parseCommand(['inspect', '-f', 'json']).values['format'], 'json');
});

test('wrong usage is told with the right one', (t) => {
  const refuse = (argv: string[], message: RegExp) =>
    t.throws(() => parseCommand(argv), { instanceOf: UsageError, message });
  refuse([], /no verb/);
  refuse(['explode'], /there is no verb 'explode'/);
  refuse(['constructor'], /there is no verb/);
  refuse(['run'], /run takes LAB\|FILE\|DIR/);
  refuse(['run', 'a', 'b'], /not 2 operands/);
  refuse(['run', 'pod', '--speed'], /usage: leafstorm run/);
  refuse(['fault', 'pod', 'link-down'], /LAB KIND TARGET/);
});

test('settings become design parameters', (t) => {
  t.deepEqual(settingsOf(['servers=0', 'bfd.intervalMs=300', 'bfd.multiplier=3', 'name=x']), {
    servers: 0,
    bfd: { intervalMs: 300, multiplier: 3 },
    name: 'x',
  });
  t.deepEqual(settingsOf(['bfd=off']), { bfd: false });
  for (const wrong of ['spines', '=4', 'a b=1', '__proto__.x=1', 'x.=1']) {
    t.throws(() => settingsOf([wrong]), { instanceOf: UsageError });
  }
});

test('seeds and durations are checked', (t) => {
  t.is(seedOf('42'), 42);
  t.is(durationOf('1.5s'), 1500);
  for (const wrong of ['-1', '1.5', 'x', '', '4294967296']) t.throws(() => seedOf(wrong), { instanceOf: UsageError });
  for (const wrong of ['5', 's', '5 s', '1h']) t.throws(() => durationOf(wrong), { instanceOf: UsageError });
});
