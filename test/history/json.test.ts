import test from 'ava';
import { InputError } from '../../src/errors.ts';
import { readJepsenHistory } from '../../src/history/jepsen.ts';
import { readJsonHistory } from '../../src/history/json.ts';

test('events come out as they do from EDN; the nemesis is left out', (t) => {
  const json = `[{"type":"invoke","f":"read","process":3,"time":2000000},
    {"type":"info","f":"kill","process":"nemesis","value":null},
    {"type":"ok","f":"read","process":3,"value":[1,2],"time":5000000}]`;
  const edn = `{:type :invoke :f :read :process 3 :time 2000000} {:type :info :f :kill :process :nemesis}
    {:type :ok :f :read :process 3 :value [1 2] :time 5000000}`;
  t.deepEqual(readJsonHistory(json), readJepsenHistory(edn));
  t.deepEqual(readJsonHistory(json), [
    { type: 'invoke', process: 3, f: 'read', value: null, atMs: 2 },
    { type: 'ok', process: 3, f: 'read', value: [1, 2], atMs: 5 },
  ]);
});

test('one object a line; keyed values; transactions without a function', (t) => {
  const lines =
    '{"type":"invoke","f":"write","process":0,"value":[7,1]}\n{"type":"ok","f":"write","process":0,"value":[7,1]}\n';
  t.like(readJsonHistory(lines, { keyed: true })[1], { key: '7', value: 1 });
  t.is(readJsonHistory('[{"type":"invoke","process":0,"value":[["r",1,null]]}]')[0]?.f, 'txn');
});

test('events without a process belong together by their function', (t) => {
  const events = ['invoke read', 'invoke write', 'ok write', 'invoke write', 'ok read', 'ok write'].map((word) => {
    const [type, f] = word.split(' ');
    return { type, f };
  });
  const processes = readJsonHistory(JSON.stringify(events)).map(({ process }) => process);
  t.deepEqual(processes, [0, 1, 1, 2, 0, 2]);
  t.throws(() => readJsonHistory('[{"type":"ok","f":"read"}]'), {
    message: /event 0: completes read, which nobody invoked/,
  });
});

test('what is no history is refused, with the place', (t) => {
  t.throws(() => readJsonHistory('{"type":"ok"'), { instanceOf: InputError, message: /JSON history/ });
  t.throws(() => readJsonHistory('{"type":"invoke","f":"r","process":0}\n{x'), {
    instanceOf: InputError,
    message: /line 2/,
  });
  t.throws(() => readJsonHistory('[1]'), { instanceOf: InputError, message: /event 0: not an object/ });
  t.throws(() => readJsonHistory('[{"type":"maybe","f":"r","process":0}]'), { message: /event 0: no type/ });
  t.throws(() => readJsonHistory('[{"type":"ok","process":0,"value":1}]'), { message: /no function/ });
});
