import test from 'ava';
import { parseNexthopGroups } from '../../src/router/zebra.ts';

const PRINTED = `ID: 14 (zebra)
     RefCnt: 2
     Uptime: 00:00:01
     VRF: default
     Valid, Installed
     Depends: (8) (10)
           via fe80::9406:c4ff:fe78:b23a, to-s2 (vrf default), weight 1
           via fe80::6428:9ff:fe77:d527, to-s1 (vrf default), weight 1
ID: 6 (zebra)
     RefCnt: 2
     Uptime: 00:00:03
     VRF: default
     Valid
     Interface Index: 3
           is directly connected, to-s2 (vrf default)
ID: 7 (zebra)
     RefCnt: 1
     VRF: default
     Interface Index: 4
           via 10.0.0.1, to-x (vrf default) inactive, weight 1
     Dependents: (14)
`;

test('next-hop groups from what FRR prints', (t) => {
  t.deepEqual(parseNexthopGroups(PRINTED), [
    { id: 14, valid: true, installed: true, depends: [8, 10], interfaces: ['to-s1', 'to-s2'] },
    { id: 6, valid: true, installed: false, depends: [], interfaces: ['to-s2'] },
    { id: 7, valid: false, installed: false, depends: [], interfaces: ['to-x'] },
  ]);
  t.deepEqual(parseNexthopGroups(''), []);
});
