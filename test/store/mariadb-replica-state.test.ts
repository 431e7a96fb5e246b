import test from 'ava';
import { committedBeforeCrash } from '../../src/store/mariadb/replica-state.ts';

test('where the last commit stood in the binary log is what the latest start said', (t) => {
  const started = (file: string, at: number) =>
    `2026-01-01 0:00:00 0 [Note] InnoDB: Last binlog file '${file}', position ${at}\n`;
  t.is(committedBeforeCrash('2026-01-01 0:00:00 0 [Note] InnoDB: 10.11 started\n'), undefined);
  t.deepEqual(committedBeforeCrash(`${started('./binlog.000001', 7)}${started('./binlog.000002', 4096)}`), {
    file: 'binlog.000002',
    at: 4096,
  });
});
