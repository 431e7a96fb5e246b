/** Orders to a process of ours, each answered once. */
import type { ChildProcess } from 'node:child_process';

/** What a process answers: `why` is there where it could not, `result` where there is one. */
export interface Done {
  readonly what: 'done';
  readonly of: string;
  readonly why?: string;
  readonly result?: unknown;
}

/** @param who for messages. @throws Error with what the process says, or where it ended before it could */
export function order(child: ChildProcess, who: string, command: { readonly do: string }): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const gone = (): void => {
      child.off('message', hear);
      child.off('exit', gone);
      reject(new Error(`${who} ended before it could ${command.do}`));
    };
    const hear = (report: Done | { readonly what: 'event' | 'counts' }): void => {
      if (report.what !== 'done' || report.of !== command.do) return;
      child.off('message', hear);
      child.off('exit', gone);
      if (report.why === undefined) resolve(report.result);
      else reject(new Error(`${who} could not ${command.do}: ${report.why}`));
    };
    if (!child.connected) return gone();
    child.on('message', hear);
    child.on('exit', gone);
    // It may end just now.
    child.send(command, (error) => error && gone());
  });
}
