import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';
import { MissingError } from '../errors.ts';
import { PATH } from '../linux/run.ts';

/** Gives the terminal to a program until it ends. Resolves with its exit status; Ctrl-C goes to it, not to us. */
export function attachTerminal([file = '', ...args]: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const ignore = () => {};
    const env = { ...process.env, PATH: [process.env['PATH'] ?? '', PATH].join(delimiter) };
    const child = spawn(file, args, { stdio: 'inherit', env });
    const end = (signal: NodeJS.Signals) => child.kill(signal);
    process.on('SIGINT', ignore);
    // Only a terminal sends these to the whole group.
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
    child.on('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'ENOENT' ? new MissingError(`not on this machine: ${file}`, { cause: error }) : error);
    });
    child.on('exit', (code, signal) => {
      process.off('SIGINT', ignore);
      for (const one of ['SIGTERM', 'SIGHUP'] as const) process.off(one, end);
      resolve(code ?? (signal === null ? 1 : 130));
    });
  });
}
