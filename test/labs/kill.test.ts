import test from 'ava';
import { killRuns } from '../support/kill.ts';

test.serial(
  'a run that is killed at any instant leaves what one destroy removes, and the next run is sound',
  async (t) => {
    const { kills, failures } = await killRuns({ count: 3, seed: 11, say: (line) => t.log(line) });
    t.deepEqual(failures, []);
    t.is(kills.length, 3);
    // Late in a run its prober, its watcher and its load are there to be left alone.
    t.true(kills.at(-1)!.helpers >= 3, JSON.stringify(kills));
  },
);
