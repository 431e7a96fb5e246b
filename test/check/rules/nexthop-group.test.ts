import test from 'ava';
import { drop, plant, swap, told } from '../planted.ts';

test('the next-hop group left at FRR’s default', (t) => {
  const { findings } = plant({ 'leaf-1': drop('no zebra nexthop kernel') });
  t.deepEqual(
    told(findings, 'nexthop-group').map((one) => one.split(' keeps ')),
    [
      [
        'error leaf-1:1 zebra',
        'next-hop groups for 180 s: after a flap shorter than that, FRR 8.4 routes over one path only although it shows all',
      ],
    ],
  );
  t.is(findings.length, 1);
});

test('a longer time is found where it is written; without equal paths it is a warning', (t) => {
  const { findings, line } = plant({
    'leaf-1': swap('no zebra nexthop kernel enable', 'zebra nexthop-group keep 30'),
    'server-1-1': swap('no zebra nexthop kernel enable', 'zebra nexthop-group keep 30'),
  });
  t.deepEqual(
    findings.map(({ severity, node, line: at }) => [severity, node, at]),
    [
      ['error', 'leaf-1', line('leaf-1', 'keep 30')],
      ['warning', 'server-1-1', line('server-1-1', 'keep 30')],
    ],
  );
});

test('groups kept for the least time are a warning, as is the default without intent', (t) => {
  const least = plant({ 'leaf-1': swap('no zebra nexthop kernel enable', 'zebra nexthop-group keep 1') });
  t.deepEqual(
    least.findings.map(({ severity, rule }) => [severity, rule]),
    [['warning', 'nexthop-group']],
  );
  const { findings } = plant({ 'leaf-1': drop('no zebra nexthop kernel') }, { withIntent: false });
  t.deepEqual(
    findings.map(({ severity, rule }) => [severity, rule]),
    [['warning', 'nexthop-group']],
  );
});
