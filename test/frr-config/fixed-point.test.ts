/** What was written reads back as what it was, over generated models and real files. */
import test from 'ava';
import fc from 'fast-check';
import { type FrrConfig, parseFrrConfig, type UnknownStatement, writeFrrConfig } from 'frr-config';
import { frrConfig } from './arbitrary.ts';
import { sharedConfigs } from './inputs.ts';

/** When a text is written anew, lines move, and blocks come into FRR's order with the unknown statements in them; nothing else changes. */
function still(config: FrrConfig): FrrConfig {
  if (config.unknown === undefined) return config;
  const place = ({ context, index }: UnknownStatement) => `${context.join('\n')} ${String(index).padStart(5, '0')}`;
  const unknown = config.unknown.map((statement) => ({ ...statement, line: 0 }));
  return { ...config, unknown: unknown.toSorted((a, b) => (place(a) < place(b) ? -1 : 1)) };
}

const statement = fc.stringMatching(/^zz[a-z0-9]{1,6}( [a-z0-9./]{1,6}){0,2}$/);
const context = fc.constantFrom(
  [],
  ['interface eth7'],
  ['router bgp 7'],
  ['router ospf'],
  ['router bgp 7', 'address-family l2vpn evpn'],
);
const unknown: fc.Arbitrary<UnknownStatement[]> = fc.array(
  fc.record({ context, text: statement, index: fc.nat(6), line: fc.constant(0) }),
  { maxLength: 5 },
);

test('parse after write is the model itself', (t) => {
  const property = fc.property(frrConfig, (config) => {
    t.deepEqual(parseFrrConfig(writeFrrConfig(config)), config);
  });
  t.notThrows(() => fc.assert(property, { seed: 7, numRuns: 150 }));
});

test('parse after write changes nothing more, with unknown statements anywhere', (t) => {
  const property = fc.property(frrConfig, unknown, (config, statements) => {
    const once = parseFrrConfig(writeFrrConfig({ ...config, unknown: statements }));
    const twice = parseFrrConfig(writeFrrConfig(once));
    const kept = (once.unknown ?? []).map(({ text }) => text).filter((text) => text.startsWith('zz'));
    t.deepEqual(kept.toSorted(), statements.map(({ text }) => text).toSorted(), 'nothing is dropped');
    t.deepEqual(still(twice), still(once));
  });
  t.notThrows(() => fc.assert(property, { seed: 8, numRuns: 150 }));
});

for (const { file, text } of sharedConfigs()) {
  test(`fixed point: ${file.split('/inputs/')[1]}`, (t) => {
    const config = parseFrrConfig(text);
    const written = writeFrrConfig(config);
    t.deepEqual(still(parseFrrConfig(written)), still(config));
    t.is(writeFrrConfig(parseFrrConfig(written)), written);
    const words = (of: string) =>
      of
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => !/^(!|exit.*|)$/.test(line));
    t.deepEqual(words(written).toSorted(), words(text).toSorted(), 'every statement of the file is in what is written');
  });
}
