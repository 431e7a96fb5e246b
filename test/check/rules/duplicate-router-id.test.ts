import test from 'ava';
import { check, plant, swap, told } from '../planted.ts';

test('the node that took another one’s router ID is named', (t) => {
  const { findings, line } = plant({ 'leaf-1': swap('router-id 10.255.1.1', 'router-id 10.255.1.2') });
  t.deepEqual(told(findings, 'duplicate-router-id'), [
    `error leaf-1:${line('leaf-1', 'router-id')} router ID 10.255.1.2 is also that of leaf-2`,
  ]);
});

test('without intent the later one is named; a loopback counts where there is no router-id', (t) => {
  const { findings } = plant({ 'leaf-1': swap('router-id 10.255.1.1', 'router-id 10.255.1.2') }, { withIntent: false });
  t.is(told(findings, 'duplicate-router-id').length, 1);
  const text = (asn: number) => `interface lo\n ip address 10.0.0.1/32\nexit\nrouter bgp ${asn}\n`;
  t.deepEqual(told(check({ a: text(1), b: text(2) }, []), 'duplicate-router-id'), [
    'error b:2 router ID 10.0.0.1 is also that of a',
  ]);
});
