import test from 'ava';
import { flatten, unflatten } from '../../src/probe/watcher-protocol.ts';

test('tables survive the way to the watcher and back, with their peers', (t) => {
  const routes = {
    ipv4: new Map([
      ['10.0.0.1/32', [{ interface: 'eth1', peer: 'spine1' }, { interface: 'eth2' }]],
      ['10.1.0.0/16', []],
    ]),
    ipv6: new Map([['::/0', [{ interface: 'eth2' }]]]),
  };
  const flat = flatten(routes);
  t.deepEqual(flat, { '10.0.0.1/32': 'eth1 eth2', '10.1.0.0/16': '', '::/0': 'eth2' });
  t.deepEqual(unflatten(JSON.parse(JSON.stringify(flat)), { eth1: 'spine1' }), routes);
});
