import test from 'ava';
import { mermaid } from '../../src/report/index.ts';

test('nodes stand in rows by role, links carry their interfaces', (t) => {
  const text = mermaid({
    nodes: [
      { name: 'spine-1', group: '', labels: { 'leafstorm-role': 'spine' } },
      { name: 'leaf-1', group: '', labels: { 'leafstorm-role': 'leaf' } },
    ],
    links: [{ a: { node: 'spine-1', interface: 'eth1' }, z: { node: 'leaf-1', interface: 'eth2' } }],
  });
  t.is(
    text,
    'flowchart TB\n  subgraph "spine"\n    n0["spine-1"]\n  end\n  subgraph "leaf"\n    n1["leaf-1"]\n  end\n  n0 ---|"eth1 eth2"| n1\n',
  );
});
