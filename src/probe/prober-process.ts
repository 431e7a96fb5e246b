/** The prober's own process: the lab's work cannot stall it, and it goes when the lab goes. Forked by `prober.ts`. */
import { runFirst } from '../linux/scheduler.ts';
import { type OpenWindow, openWindow } from './prober-loop.ts';
import type { ProberAnswer, ProberPlan, ProberRequest } from './prober-messages.ts';
import { openSockets, type ProbeSockets } from './prober-sockets.ts';

let plan: ProberPlan | undefined;
let sockets: ProbeSockets | undefined;
let current: OpenWindow | undefined;
let windows = 0;

async function serve(request: ProberRequest): Promise<ProberAnswer> {
  switch (request.kind) {
    case 'start':
      plan = request.plan;
      sockets = openSockets(plan.endpoints, plan.flows);
      return { kind: 'ready' };
    case 'open':
      if (plan === undefined || sockets === undefined) throw new Error('prober: not started');
      if (current !== undefined) throw new Error('prober: a window is open already; close it first');
      current = openWindow(sockets, plan.flows.length, plan.intervalMs, ++windows);
      await current.begun;
      return { kind: 'opened', atMs: current.fromMs };
    case 'close': {
      if (current === undefined) throw new Error('prober: no window is open');
      const closing = current;
      current = undefined;
      return { kind: 'closed', window: await closing.close(request.drainMs) };
    }
  }
}

process.on('disconnect', () => process.exit());
// An interrupt at the terminal reaches the whole group: the lab decides when probing ends.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
// Without the right to it the prober stalls more often on a busy machine, and says so in its windows.
runFirst();

let turn = Promise.resolve();
process.on('message', (request: ProberRequest) => {
  turn = turn.then(async () => {
    const answer = await serve(request).catch(
      (error: Error): ProberAnswer => ({ kind: 'failed', message: error.message }),
    );
    if (!process.connected) return;
    process.send?.(answer, undefined, undefined, () => {
      // Whoever asked is gone; `disconnect` ends this process.
    });
  });
});
