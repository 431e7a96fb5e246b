/** Files that went wrong: whatever is in them, the reader answers, and says where. */
import test from 'ava';
import { readTopology } from 'containerlab-ts';
import { mutate } from '../../support/mutate.ts';
import { PUBLISHED, sample, shared } from '../support.ts';

const EACH = 200;

test('mutated files are read or refused with a place, never anything else', (t) => {
  const published = PUBLISHED.map(shared).filter((input) => input !== undefined);
  if (published.length === 0) t.log('../shared/inputs is not here: mutating our own samples only');
  let refused = 0;
  for (const { file, text } of [sample('everything.clab.yml'), sample('two.clab.yml'), ...published]) {
    const lines = text.split('\n').length;
    for (let seed = 1; seed <= EACH; seed++) {
      const mutated = mutate(text, seed);
      const where = `${file}, seed ${seed}`;
      const { topology, problems } = readTopology(mutated, { file, env: {} });
      t.is(topology === undefined, problems.length > 0, where);
      refused += Number(topology === undefined);
      for (const { message, at, remedy } of problems) {
        t.true(
          at.line >= 1 && at.line <= lines + 8 && at.column >= 1 && at.file === file,
          `${where}: ${JSON.stringify(at)}`,
        );
        t.true(
          message.length > 0 &&
            message.length < 400 &&
            !/\n|\bat .+:\d+:\d+\)?$|TypeError|undefined|\[object/u.test(message),
          `${where}: ${message}`,
        );
        t.false(remedy.includes('\n') || remedy.includes('undefined'), `${where}: ${remedy}`);
      }
      t.deepEqual(readTopology(mutated, { file, env: {} }).problems, problems, where);
    }
  }
  // Mutations that hurt nothing, or everything, would test little.
  t.true(refused > EACH, `${refused} refused`);
});

test('a mutation depends on its seed alone', (t) => {
  const { text } = sample('everything.clab.yml');
  t.is(mutate(text, 7), mutate(text, 7));
  t.true(new Set(Array.from({ length: 50 }, (_, seed) => mutate(text, seed))).size > 40);
});
