#!/usr/bin/env node
// The `leafstorm` command: hands over to the project's own Node, since the one on the machine may be too old for TypeScript.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const own = join(root, 'node_modules', 'node', 'bin', 'node');
if (!existsSync(own)) {
  process.stderr.write(`leafstorm: not set up yet; run npm install in ${root}\n`);
  process.exit(69);
}
const child = spawn(
  existsSync(own) ? own : process.execPath,
  [join(root, 'src', 'cli', 'main.ts'), ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  if (signal) process.kill(process.pid, signal);
  else process.exitCode = code ?? 1;
});
