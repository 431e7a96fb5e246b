import test from 'ava';
import { readSessionChanges } from '../../src/router/session-log.ts';

test('sessions that came and went, to the second or finer; other lines are passed over', (t) => {
  const log = `2026/11/20 23:10:10 BGP: [VTCF0-ZHP6C] bgpd 8.4.4 starting
2026/11/20 23:10:11 BGP: [N9HHH-F8H1M] %ADJCHANGE: neighbor eth5(leaf-5) in vrf default Up
2026/11/20 23:10:21.043 BGP: [HZN6M-XRM1G] %NOTIFICATION(Hard Reset): sent to neighbor eth1 6/10 (Cease/BFD Down) 0 bytes
2026/11/20 23:10:21.043 BGP: [N9HHH-F8H1M] %ADJCHANGE: neighbor 10.0.0.1 in vrf default Down BFD down received
`;
  t.deepEqual(readSessionChanges(log), [
    {
      neighbour: 'eth5',
      peer: 'leaf-5',
      state: 'up',
      why: undefined,
      wallMs: Date.UTC(2026, 10, 20, 23, 10, 11),
      withinMs: 1000,
    },
    {
      neighbour: '10.0.0.1',
      peer: undefined,
      state: 'down',
      why: 'BFD down received',
      wallMs: Date.UTC(2026, 10, 20, 23, 10, 21, 43),
      withinMs: 1,
    },
  ]);
});
