/** The route watcher's own process, so that the lab's work cannot stall it. Started by `watcher.ts`; ends with its parent. */
import { Watch } from './watcher-loop.ts';
import type { Answers, Call, Reply } from './watcher-protocol.ts';

let watch: Watch | undefined;

function opened(): Watch {
  if (!watch) throw new Error('the watcher is not open');
  return watch;
}

async function answer(call: Call): Promise<Answers[keyof Answers]> {
  switch (call.method) {
    case 'open':
      watch = new Watch(call.nodes);
      // A failure of the loop leaves nothing to go on with; the parent sees the process end.
      void watch.run();
      return null;
    case 'expect':
      opened().expect(call.predicted);
      return null;
    case 'settled':
      return opened().settled(call.timeoutMs, call.quietMs);
    case 'dump':
      return opened().dumpAll();
    case 'events':
      return opened().events();
    case 'cost':
      return opened().cost();
    case 'close':
      watch?.stop();
      return null;
  }
}

function reply(message: Reply): void {
  process.send?.(message, undefined, undefined, () => {
    // The parent is gone; `disconnect` ends this process.
  });
}

process.on('message', (call: Call) => {
  answer(call).then(
    (answer) => {
      reply({ id: call.id, answer });
      if (call.method === 'close') process.disconnect();
    },
    (error: unknown) => reply({ id: call.id, error: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => watch?.stop());
// An interrupt at the terminal reaches the whole group: the parent decides when watching ends.
process.on('SIGINT', () => {});
