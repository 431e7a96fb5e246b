/** The verdicts of elle-cli for its own example histories, and the anomalies that the papers name. */
import { existsSync, readFileSync } from 'node:fs';
import test from 'ava';
import { checkerNamed } from '../../src/consistency/by-name.ts';
import type { TransactionResult } from '../../src/consistency/transactions/anomaly.ts';
import type { Level } from '../../src/consistency/transactions/level.ts';
import { rwRegister } from '../../src/consistency/transactions/rw-register.ts';
import { readJepsenHistory } from '../../src/history/jepsen.ts';
import { readJsonHistory } from '../../src/history/json.ts';
import type { History } from '../../src/history/operation.ts';

const FOLDER = new URL('../../../shared/histories/', import.meta.url);
const present = existsSync(new URL('verdicts.json', FOLDER));

interface Published {
  readonly model: string;
  readonly valid: boolean;
  readonly consistency_models?: readonly Level[];
  readonly group_size?: number;
}

/** Anomalies named in the papers and reports that these histories come from. */
const ANOMALIES: Readonly<Record<string, readonly string[]>> = {
  'elle/paper-example.json': ['G-single'],
  'elle/paper-example.edn': ['G-single'],
  'elle/list-append-gh-30.edn': ['G2-item'],
};

function read(file: string): History {
  const text = readFileSync(new URL(`elle-cli/${file}`, FOLDER), 'utf8');
  return file.endsWith('.json') ? readJsonHistory(text) : readJepsenHistory(text);
}

if (present) {
  const verdicts = JSON.parse(readFileSync(new URL('verdicts.json', FOLDER), 'utf8')) as {
    'elle-cli': Record<string, Published>;
  };
  const published: Record<string, Published> = {
    ...verdicts['elle-cli'],
    // In the folder, without a line in the table: the same transactions as the JSON file, and what the model is for.
    'elle/paper-example.edn': { model: 'list-append', valid: false },
    'custom/comments.edn': { model: 'comments', valid: false },
  };
  for (const [file, { model, valid, consistency_models, group_size }] of Object.entries(published)) {
    test(`elle-cli ${file}`, (t) => {
      const level = consistency_models?.[0];
      const checker = checkerNamed(model, {
        ...(level === undefined ? {} : { level }),
        ...(group_size === undefined ? {} : { groupSize: group_size }),
      });
      const result = checker.check(read(file));
      t.is(result.verdict, valid ? 'pass' : 'fail', result.why);
      t.is(result.offending.length > 0, !valid);
      const names = ANOMALIES[file];
      if (names !== undefined)
        t.deepEqual(
          (result as TransactionResult).anomalies.map(({ name }) => name as string),
          names,
        );
      t.log(result.why.slice(0, 300));
    });
  }

  test('the same history in EDN and in JSON is the same', (t) => {
    for (const name of ['elle/paper-example', 'elle/rw-register', 'jepsen/counter', 'jepsen/bank'])
      t.deepEqual(read(`${name}.json`), read(`${name}.edn`), name);
  });

  test('a value that nobody wrote is an anomaly unless one wants it otherwise', (t) => {
    const result = rwRegister().check(read('elle/rw-register.json'));
    t.deepEqual(
      result.anomalies.map(({ name }) => name),
      ['garbage-read'],
    );
    t.deepEqual(result.offending, [2]);
  });
} else {
  test('published histories', (t) => {
    t.log(`skipped: no ${FOLDER.pathname}`);
    t.pass();
  });
}
