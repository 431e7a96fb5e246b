/** The process of one manager instance. It belongs to its node: it is in the node's control group, so it freezes and dies with it. */
import { embedded } from '../../engine/embedded/engine.ts';
import { runFirst } from '../../linux/scheduler.ts';
import { credentialsIn } from './credentials.ts';
import { joinNode } from './join-node.ts';
import { Manager } from './manager.ts';
import type { ManagerCommand, ManagerReport } from './manager-protocol.ts';

let manager: Manager | undefined;

function say(report: ManagerReport): void {
  if (process.connected) process.send?.(report);
}

async function obey(command: ManagerCommand): Promise<void> {
  if (command.do === 'start') {
    const { options } = command;
    const lab = await embedded.attach(options.lab);
    const { node } = options.members.find(({ name }) => name === options.member)!;
    await joinNode(lab, node);
    // On a real machine nothing of the lab's other nodes would keep it from renewing its lease.
    runFirst();
    manager = new Manager(lab, options, credentialsIn(options.dir), say);
    manager.run().catch((error: Error) => {
      console.error(`manager of ${options.member}: ${error.stack}`);
      process.exit(1);
    });
  } else {
    await manager!.switchOver();
  }
}

process.on('message', (command: ManagerCommand) => {
  obey(command).then(
    () => say({ what: 'done', of: command.do }),
    (error: Error) => say({ what: 'done', of: command.do, why: error.message }),
  );
});
// Whoever started it is gone: nobody would end it.
process.on('disconnect', () => process.exit());
process.on('SIGINT', () => {});
