import test from 'ava';
import { fuzzDesigns } from '../support/fuzz.ts';

test('mutated topologies and configurations are judged or refused with a place, never anything else', async (t) => {
  const { tried, refused, faulty, sound, published, failures } = await fuzzDesigns({ count: 300, seed: 20 });
  if (!published) t.log('../shared/inputs is not here: mutating generated files only');
  t.deepEqual(failures, []);
  // Mutations that hurt nothing, or everything, would test little.
  t.is(refused + faulty + sound, tried);
  for (const some of [refused, faulty, sound]) t.true(some > tried / 20, JSON.stringify({ refused, faulty, sound }));
});
