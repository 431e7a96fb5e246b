import test from 'ava';
import { plant, swap, told } from '../planted.ts';

test('names that nothing defines are found where they are used', (t) => {
  const { findings, line } = plant({
    'leaf-1': swap('neighbor SPINES route-map TO-SPINES out', 'neighbor SPINES route-map TO-SPINE out'),
    'leaf-2': swap('match ip address prefix-list OWN-4', 'match ip address prefix-list OWN'),
    'spine-1': swap('bfd profile fabric', 'bfd profile fabrik'),
    'spine-2': swap('neighbor eth4 interface peer-group LEAVES', 'neighbor eth4 interface peer-group LEAFS'),
  });
  t.deepEqual(told(findings, 'undefined-reference'), [
    `error leaf-1:${line('leaf-1', 'TO-SPINE out')} route-map TO-SPINE is not defined: it denies every route`,
    `error leaf-2:${line('leaf-2', 'prefix-list OWN')} ip prefix-list OWN is not defined: nothing matches it`.replace(
      /:\d+/,
      `:${line('leaf-2', 'match ip address prefix-list OWN')}`,
    ),
    `error spine-1:${line('spine-1', 'fabrik')} bfd profile fabrik is not defined: the session runs with the default BFD timers`,
    `error spine-2:${line('spine-2', 'LEAFS')} peer-group LEAFS is not defined: FRR refuses the neighbour`,
  ]);
});

test('a definition that was removed', (t) => {
  const { findings } = plant({ 'leaf-1': (text) => text.replace(/^ipv6 prefix-list SERVICES-6 .*\n/m, '') });
  t.deepEqual(
    told(findings, 'undefined-reference').map((one) => one.split(' ').slice(2).join(' ')),
    ['ipv6 prefix-list SERVICES-6 is not defined: nothing matches it'],
  );
});
