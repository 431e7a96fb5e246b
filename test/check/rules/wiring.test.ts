import test from 'ava';
import type { TopologyDocument } from 'containerlab-ts';
import { plant, told } from '../planted.ts';

const relink = (change: (links: string[][]) => string[][]) => (document: TopologyDocument) => ({
  ...document,
  links: change(document.links.map((link) => [...(link['endpoints'] as string[])])).map(([a = '', z = '']) => ({
    endpoints: [a, z] as const,
  })),
});

test('two cables swapped are found at both links', (t) => {
  const { findings, topology } = plant(
    {},
    {
      document: relink((links) =>
        links.map(([a, z], i) => (i === 0 ? [a!, 'leaf-2:eth1'] : i === 1 ? [a!, 'leaf-1:eth1'] : [a!, z!])),
      ),
    },
  );
  t.deepEqual(told(findings, 'wiring'), [
    `error spine-1:${topology.links[0]!.at.line} spine-1:eth1 is wired to leaf-2:eth1, but spine-1:eth1 is to be wired to leaf-1:eth1, and leaf-2:eth1 is to be wired to spine-1:eth2`,
    `error spine-1:${topology.links[1]!.at.line} spine-1:eth2 is wired to leaf-1:eth1, but spine-1:eth2 is to be wired to leaf-2:eth1, and leaf-1:eth1 is to be wired to spine-1:eth1`,
  ]);
});

test('a cable in another port than the intent has', (t) => {
  const { findings } = plant(
    {},
    { document: relink((links) => links.map(([a, z], i) => [a!, i === 0 ? 'leaf-1:eth9' : z!])) },
  );
  t.deepEqual(
    told(findings, 'wiring').map((one) => one.replace(/:\d+/, '')),
    ['error spine-1 spine-1:eth1 is wired to leaf-1:eth9, but spine-1:eth1 is to be wired to leaf-1:eth1'],
  );
});

test('a link that is not there, and ends in the other order', (t) => {
  const { findings } = plant({}, { document: relink((links) => links.slice(1).map(([a, z]) => [z!, a!])) });
  t.deepEqual(
    told(findings, 'wiring').map((one) => one.replace(/:\d+/, '')),
    ['error spine-1 link spine-1:eth1--leaf-1:eth1 of the intent is not in the topology'],
  );
});

test('nodes that are missing, and more than the intent has', (t) => {
  const document = (whole: TopologyDocument): TopologyDocument => {
    const { 'server-4-1': _, ...nodes } = whole.nodes;
    return {
      ...whole,
      nodes: { ...nodes, observer: { image: 'alpine', binds: [] } },
      links: [...whole.links.slice(0, -1), { endpoints: ['leaf-4:eth3', 'observer:eth1'] }],
    };
  };
  const { findings } = plant({}, { document, missing: ['server-4-1'] });
  t.deepEqual(
    told(findings, 'wiring').map((one) => one.replace(/:\d+/, '')),
    [
      'error server-4-1 server-4-1 of the intent is not in the topology',
      'error leaf-4 leaf-4:eth3 is wired to observer:eth1, but leaf-4:eth3 is to be wired to server-4-1:eth1',
      'warning observer observer is not in the intent',
    ],
  );
});
