/** The verdicts that Knossos published for its own example histories. */
import { existsSync, readFileSync } from 'node:fs';
import test from 'ava';
import { linearizable } from '../../src/consistency/linearizable.ts';
import type { Model } from '../../src/consistency/model.ts';
import { casRegister } from '../../src/consistency/models/cas-register.ts';
import { multiRegister } from '../../src/consistency/models/multi-register.ts';
import { mutex } from '../../src/consistency/models/mutex.ts';
import { readJepsenHistory } from '../../src/history/jepsen.ts';

const FOLDER = new URL('../../../shared/histories/', import.meta.url);
const present = existsSync(new URL('verdicts.json', FOLDER));

const MODELS: Readonly<Record<string, Model>> = {
  'cas-register': casRegister(),
  'multi-register': multiRegister({ x: 0, y: 0 }) as Model,
  mutex: mutex() as Model,
};

/** Lines before an event that are the nemesis's: the published indexes count them. */
function nemesisBefore(text: string, index: number): number {
  const processes = [...text.matchAll(/:process\s+([^\s,}]+)/g)].map(([, process]) => process!);
  let clients = -1;
  return processes.findIndex((process) => /^\d/.test(process) && ++clients === index) - index;
}

if (present) {
  const verdicts = JSON.parse(readFileSync(new URL('verdicts.json', FOLDER), 'utf8')) as {
    knossos: Record<string, boolean>;
    knossos_first_bad_op_index: Record<string, number>;
  };
  for (const [file, valid] of Object.entries(verdicts.knossos)) {
    test(`knossos ${file}`, (t) => {
      const text = readFileSync(new URL(`knossos/${file}`, FOLDER), 'utf8');
      const result = linearizable(MODELS[file.split('/')[0]!]!).check(readJepsenHistory(text));
      t.is(result.verdict, valid ? 'pass' : 'fail', result.why);
      t.is(result.offending.length > 0, !valid);
      const first = verdicts.knossos_first_bad_op_index[file];
      if (first !== undefined) t.is(result.stoppedAt! + nemesisBefore(text, result.stoppedAt!), first);
    });
  }
} else {
  test('published histories', (t) => {
    t.log(`skipped: no ${FOLDER.pathname}`);
    t.pass();
  });
}
