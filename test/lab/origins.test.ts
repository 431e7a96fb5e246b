import test from 'ava';
import type { FrrConfig } from 'frr-config';
import { originDefects, routerIdDefects } from '../../src/lab/origins.ts';
import type { Frr } from '../../src/router/index.ts';

const router = (routerId: string, ...prefixes: readonly string[]): FrrConfig => ({
  bgp: [{ asn: 65000, routerId, ipv4Unicast: { networks: prefixes.map((prefix) => ({ prefix })) } }],
});

const configs = new Map([
  ['a', router('1.1.1.1', '10.0.1.0/24')],
  ['b', router('2.2.2.2', '10.0.2.0/24')],
  ['c', router('3.3.3.3')],
]);

/** Routers that announce what they are said to. */
function asking(announced: Readonly<Record<string, readonly string[]>>) {
  return async <T>(node: string, question: (frr: Frr) => Promise<T>): Promise<T | undefined> => {
    const prefixes = announced[node];
    if (prefixes === undefined) return undefined;
    const json = async (line: string) => {
      const prefix = line.split(' ')[4] as string;
      return prefixes.includes(prefix) ? { prefix, paths: [{ sourced: true }] } : {};
    };
    return question({ node, vty: () => ({ json, command: async () => '' }), daemons: () => ['bgpd'], close() {} });
  };
}

const wrong = (prefix: string) => [{ node: 'c', prefix, expected: ['eth1'], actual: undefined }];

test('who does not announce what is its own is named, and so is who announces what is not', async (t) => {
  const ask = asking({ a: [], b: ['10.0.1.0/24', '10.0.2.0/24'], c: [] });
  t.deepEqual(await originDefects(configs, wrong('10.0.1.0/24'), ask), [
    { target: 'a', why: 'does not announce 10.0.1.0/24, which is its own' },
    { target: 'b', why: 'announces 10.0.1.0/24, which is of a by the intent' },
  ]);
});

test('a prefix that is nobody’s', async (t) => {
  const ask = asking({ a: ['10.0.1.0/24'], b: ['10.0.2.0/24'], c: ['10.9.0.0/16'] });
  t.deepEqual(await originDefects(configs, wrong('10.9.0.0/16'), ask), [
    { target: 'c', why: 'announces 10.9.0.0/16, which nobody has by the intent' },
  ]);
});

test('nobody is asked while all tables are right, and who does not answer is not blamed', async (t) => {
  const never = () => t.fail('asked') as never;
  t.deepEqual(await originDefects(configs, [], never), []);
  t.deepEqual(await originDefects(configs, wrong('10.0.1.0/24'), asking({ b: [], c: [] })), []);
});

test('of two routers with one ID it is the one that should have another', (t) => {
  const running = new Map([
    ['a', '1.1.1.1'],
    ['b', '1.1.1.1'],
    ['c', undefined],
  ]);
  t.deepEqual(routerIdDefects(configs, running), [{ target: 'b', why: 'runs with router ID 1.1.1.1, as a does' }]);
  t.deepEqual(
    routerIdDefects(new Map(), running).map(({ target }) => target),
    ['b'],
    'nobody knows: all but the first',
  );
  t.deepEqual(routerIdDefects(configs, new Map([['a', '9.9.9.9']])), [], 'another ID than meant is no clash');
});
