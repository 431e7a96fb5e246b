/** Whatever the text, reading it ends with a model and writing that comes to rest. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { parseFrrConfig, splitByDaemon, withDefaults, writeFrrConfig } from 'frr-config';
import { mutate } from '../support/mutate.ts';
import { sharedConfigs } from './inputs.ts';

const everything = readFileSync(new URL('./fixtures/everything.conf', import.meta.url), 'utf8');
const seeds = 400;

for (const { file, text } of [{ file: 'everything.conf', text: everything }, ...sharedConfigs()]) {
  test(`mutations of ${file.split('/inputs/').at(-1)}`, (t) => {
    for (let seed = 1; seed <= seeds; seed++) {
      const mutant = mutate(text, seed);
      try {
        const config = parseFrrConfig(mutant);
        withDefaults(config);
        splitByDaemon(config);
        const written = writeFrrConfig(config);
        // What stood at an impossible place may move once, but no further.
        const again = writeFrrConfig(parseFrrConfig(written));
        if (again !== written) t.is(writeFrrConfig(parseFrrConfig(again)), again, `seed ${seed}`);
      } catch (error) {
        t.fail(`seed ${seed}: ${error instanceof Error ? error.stack : error}`);
      }
    }
    t.pass();
  });
}

for (const [name, text] of Object.entries({
  empty: '',
  'only blanks': ' \n\t\n',
  'only exits': 'exit\n exit\nexit-address-family\nquit\nend\n',
  'a lone no': 'no\nno no\n',
  'words of Object.prototype': 'constructor\n__proto__ x\ninterface __proto__\n description toString\n',
  'one long line': `router bgp ${'9'.repeat(100_000)}`,
  'deep indentation': Array.from({ length: 200 }, (_, i) => `${' '.repeat(i)}x${i}`).join('\n'),
})) {
  test(`strange: ${name}`, (t) => {
    const written = writeFrrConfig(parseFrrConfig(text));
    t.is(writeFrrConfig(parseFrrConfig(written)), written);
  });
}
