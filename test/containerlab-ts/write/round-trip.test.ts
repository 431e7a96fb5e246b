// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the format's own variables look like JavaScript's
/** Properties of the writer over documents that nobody would think of. */
import test from 'ava';
import { type LinkDefinition, type NodeDefinition, type TopologyDocument, writeTopology } from 'containerlab-ts';
import fc from 'fast-check';
import { parse, parseDocument } from 'yaml';
import { good } from '../support.ts';

const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/);
/** Text that a file can hold: any, but for the NUL character and halves of surrogate pairs. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 12 }).map((each) => each.replaceAll('\0', '').toWellFormed()),
  fc.string({ unit: fc.constantFrom(...'$:#-&*!|>%@`"\'{}[],? \n\t\\ab1.~='), maxLength: 12 }),
  fc.constantFrom(
    'yes',
    'NO',
    'null',
    '~',
    '1',
    '1.0',
    '0x1f',
    '1:30',
    '2001-01-01',
    '.5',
    '.inf',
    '---',
    '<<',
    '=',
    '10.0.0.1',
    '',
    ' ',
    'a: b',
    'a #b',
    'a:',
    '- a',
    '$X',
    '${X:=y}',
    '$$',
    '__proto__',
  ),
);
const texts = fc.array(text, { maxLength: 4 });
const map = (values: fc.Arbitrary<string>) =>
  fc.dictionary(
    fc.oneof(
      name,
      text.filter((each) => each !== '<<' && each !== '__proto__'),
    ),
    values,
    { maxKeys: 4, noNullPrototype: true },
  );

const definition: fc.Arbitrary<NodeDefinition> = fc.record(
  {
    kind: fc.constant('linux'),
    image: text,
    cmd: text,
    env: map(text),
    labels: map(text),
    exec: texts,
    cpu: fc.double({ min: 0, max: 64, noNaN: true }).map((value) => value + 0),
    'startup-delay': fc.nat(100),
    healthcheck: fc.record({ test: texts, nested: fc.array(fc.array(map(text), { maxLength: 2 }), { maxLength: 2 }) }),
  },
  { requiredKeys: ['kind'], noNullPrototype: true },
);

const document: fc.Arbitrary<TopologyDocument> = fc
  .record({
    name,
    nodes: fc.dictionary(name, definition, { minKeys: 2, maxKeys: 5, noNullPrototype: true }),
    defaults: definition,
    mtu: fc.integer({ min: 68, max: 65_535 }),
  })
  .map(({ name: lab, nodes, defaults, mtu }) => {
    const names = Object.keys(nodes);
    const links: LinkDefinition[] = names.map((node, index) => ({
      endpoints: [`${node}:eth1`, `${names[(index + 1) % names.length]}:eth2`],
      mtu,
    }));
    return { name: lab, defaults, nodes, links };
  });

/** What a person's YAML library makes of a document: a dollar sign is still doubled, nothing else differs. */
function dollarsDoubled(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll('$', '$$$$'));
}

test('any YAML reader gets the document back', (t) => {
  fc.assert(
    fc.property(document, (each) => {
      const written = writeTopology(each);
      const { name: lab, defaults, nodes, links } = each;
      t.deepEqual(parse(written), dollarsDoubled({ name: lab, topology: { defaults, nodes, links } }));
      // Older readers take more words and numbers for something else than text.
      t.deepEqual(parseDocument(written, { version: '1.1' }).toJS().topology.nodes, dollarsDoubled(nodes));
    }),
    { numRuns: 150 },
  );
  t.pass();
});

test('the reader gets texts, commands and links back', (t) => {
  const safe = document.map((each) => ({ ...each, defaults: { kind: 'linux' } }));
  fc.assert(
    fc.property(safe, (each) => {
      const variable = (key: string) => key === '' || /[=\p{Cc}]/u.test(key);
      fc.pre(Object.values(each.nodes).every((node) => !Object.keys(node.env ?? {}).some(variable)));
      const topology = good(writeTopology(each), '/labs/x.clab.yml', { X: 'not this' });
      t.is(topology.name, each.name);
      for (const node of topology.nodes) {
        const wanted = each.nodes[node.name]!;
        t.deepEqual(
          {
            image: node.image,
            cmd: node.cmd,
            exec: node.exec,
            env: node.env,
            labels: node.labels,
            cpu: node.cpu,
            startupDelay: node.startupDelay,
          },
          {
            image: wanted.image ?? '',
            cmd: wanted.cmd ?? '',
            exec: [...new Set(wanted.exec)],
            env: wanted.env ?? {},
            labels: wanted.labels ?? {},
            cpu: wanted.cpu ?? 0,
            startupDelay: wanted['startup-delay'] ?? 0,
          } as never,
        );
      }
      t.deepEqual(
        topology.links.map(({ a, z, mtu }) => ({
          endpoints: [`${a.node}:${a.interface}`, `${z.node}:${z.interface}`],
          mtu,
        })) as never,
        each.links as never,
      );
    }),
    { numRuns: 150 },
  );
});
