import test from 'ava';
import { drop, fabricOf, plant, swap, told } from '../planted.ts';

test('BFD at one end only', (t) => {
  const edit = (text: string) => text.replace(/^ neighbor LEAF bfd.*\n/gm, '');
  for (const withIntent of [true, false]) {
    const { findings, line } = plant({ 'server-1-1': edit }, { withIntent });
    t.deepEqual(told(findings, 'bfd'), [
      `error server-1-1:${line('server-1-1', 'neighbor LEAF peer-group')} no BFD for neighbor eth1 (leaf-1), though the other end has it: a silent loss is found by the hold timer only`,
    ]);
    t.regex(findings[0]!.remedy, /neighbor LEAF bfd profile fabric$/);
  }
});

test('BFD of the intent that both ends have lost', (t) => {
  const { findings } = plant({
    'server-1-1': (text) => text.replace(/^ neighbor LEAF bfd.*\n/gm, ''),
    'leaf-1': (text) => text.replace(/^ neighbor SERVERS bfd.*\n/gm, ''),
  });
  t.deepEqual(
    findings
      .filter(({ rule }) => rule === 'bfd')
      .map(({ node, message }) => `${node} ${/which the intent has/.test(message)}`),
    ['leaf-1 true', 'server-1-1 true'],
  );
});

test('other BFD timers than the intent are found in the profile, once', (t) => {
  const { findings, line } = plant({ 'leaf-2': swap('detect-multiplier 3', 'detect-multiplier 9') });
  t.deepEqual(told(findings, 'bfd'), [
    `error leaf-2:${line('leaf-2', 'detect-multiplier 9')} BFD detect-multiplier of neighbor eth1 (spine-1) is 9; the intent has 3: detection takes another time than planned`,
  ]);
});

test('without intent, different profiles of the two ends are a warning', (t) => {
  const { findings } = plant(
    { 'leaf-2': swap('transmit-interval 100', 'transmit-interval 900') },
    { withIntent: false },
  );
  t.true(told(findings, 'bfd').length > 0);
  t.true(findings.every(({ severity }) => severity === 'warning'));
});

test('a profile that is no longer named means the default timers', (t) => {
  const { findings, line } = plant({ 'spine-1': drop('bfd profile fabric') });
  t.true(
    told(findings, 'bfd').some((one) =>
      one.startsWith(`error spine-1:${line('spine-1', 'LEAVES bfd')} BFD receive-interval`),
    ),
  );
});

test('a fabric without BFD needs none', (t) => {
  t.deepEqual(plant({}, { fabric: fabricOf({ bfd: false }) }).findings, []);
});
