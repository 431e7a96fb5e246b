// The benchmarks, each against a peer or a limit of the same run. npm run bench [-- NAME ...]; JSON on standard output.

import type { Benchmark } from './bench/benchmark.ts';
import { benchConsistency } from './bench/consistency.ts';
import { benchOracle } from './bench/oracle.ts';
import { benchRouter } from './bench/router.ts';
import { benchDeploy, benchGenerate } from './bench/whole-process.ts';

const benchmarks: Readonly<Record<string, () => Promise<readonly Benchmark[]>>> = {
  generate: benchGenerate,
  oracle: benchOracle,
  consistency: benchConsistency,
  router: benchRouter,
  deploy: async () => [await benchDeploy(2, 4, 2000), await benchDeploy(4, 46, 7000)],
};

const wanted = process.argv.slice(2);
const names = wanted.length > 0 ? wanted : Object.keys(benchmarks);
const all: Benchmark[] = [];
for (const name of names) {
  const bench = benchmarks[name];
  if (bench === undefined)
    throw new Error(`there is no benchmark ${name}; there are ${Object.keys(benchmarks).join(', ')}`);
  for (const result of await bench()) {
    all.push(result);
    const { value, unit, against, reference, ratio } = result;
    process.stderr.write(
      `${result.name.padEnd(44)} ${String(value).padStart(8)} ${unit}  ${ratio} x ${against} (${reference} ${unit})\n`,
    );
  }
}
process.stdout.write(`${JSON.stringify(all, undefined, 2)}\n`);
