/** The side of a process of load that works: it obeys messages (`protocol.ts`) until whoever started it is gone. */
import type { RecordedRequest } from '../../history/recorder.ts';
import type { Done } from '../order.ts';
import { Clients, type Work } from './clients.ts';
import type { CountsReport, LoadCommand } from './protocol.ts';

/** @param begin makes the work of a load from what it is told; what it throws is the starter's to hear */
export function serveLoad<Options, Request extends RecordedRequest>(
  begin: (options: Options) => Work<Request> | Promise<Work<Request>>,
): void {
  let clients: Clients<Request> | undefined;
  const say = (report: Done | CountsReport): void => {
    process.send?.(report, undefined, undefined, () => {
      // Whoever started the load is gone; `disconnect` ends this process.
    });
  };
  const obey = async (command: LoadCommand<Options>): Promise<unknown> => {
    if (command.do === 'start') clients = new Clients(await begin(command.options), say);
    else if (command.do === 'stop') await clients?.stop();
    else if (command.do === 'final reads') return clients?.finalReads(command.timeoutMs);
    else clients?.end();
    return undefined;
  };
  process.on('message', async (command: LoadCommand<Options>) => {
    const done: Done = await obey(command).then(
      (result) => ({ what: 'done', of: command.do, result }),
      (error: Error) => ({ what: 'done', of: command.do, why: error.message }),
    );
    say(done);
    if (command.do === 'end') process.disconnect();
  });
  // Whoever started the load is gone: nobody would end it.
  process.on('disconnect', () => process.exit());
  // An interrupt from the terminal reaches the whole group; the one who started the load decides.
  process.on('SIGINT', () => {});
}
