import { spawn } from 'node:child_process';
import { PATH } from '../linux/run.ts';

/** Gives the terminal to a program until it ends. Resolves with its exit status; Ctrl-C goes to it, not to us. */
export function attachTerminal([file = '', ...args]: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const ignore = () => {};
    process.on('SIGINT', ignore);
    const child = spawn(file, args, { stdio: 'inherit', env: { ...process.env, PATH } });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      process.off('SIGINT', ignore);
      resolve(code ?? (signal === null ? 1 : 130));
    });
  });
}
