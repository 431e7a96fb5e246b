// Repeats what `npm test` proves once. Each part takes a count, 0 leaves it out; without any, all run with their own.
//   npm run soak -- --healthy 20 --faults 20 --kills 50 --mutations 2000 --failovers 60 --partitions 200 --defects 10 --healthy-stores 30 \
//     --throughput 30 --quorum-cuts 20 --power-cuts 20 --service-moves 20 --seed 1
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from '../src/index.ts';
import { fuzzDesigns } from '../test/support/fuzz.ts';
import { killRuns } from '../test/support/kill.ts';
import { allCaught, runDefects, runHealthyStores } from './soak/defects.ts';
import { distributions, quantiles } from './soak/distribution.ts';
import { failovers as databaseFailovers } from './soak/failover.ts';
import { partitions as databasePartitions, survived } from './soak/partitions.ts';
import { powerCuts } from './soak/power-cuts.ts';
import { quorumCuts } from './soak/quorum-cuts.ts';
import { serviceMoves } from './soak/service-moves.ts';
import { throughput } from './soak/throughput.ts';

const parts = {
  healthy: 20,
  faults: 20,
  kills: 50,
  mutations: 2000,
  failovers: 60,
  partitions: 200,
  defects: 10,
  'healthy-stores': 30,
  throughput: 30,
  'quorum-cuts': 20,
  'power-cuts': 20,
  'service-moves': 20,
};
const { values } = parseArgs({
  options: {
    ...Object.fromEntries(Object.keys(parts).map((part) => [part, { type: 'string' as const }])),
    seed: { type: 'string', default: '1' },
  },
});
const given: Readonly<Record<string, string | undefined>> = values;
const asked = Object.keys(parts).some((part) => given[part] !== undefined);
const count = (part: keyof typeof parts) => Number(given[part] ?? (asked ? 0 : parts[part]));
const seed = Number(given['seed']);
const say = (line: string) => process.stderr.write(`${line}\n`);
const report: Record<string, unknown> = { seed };
let failures = 0;

if (count('healthy') > 0) report['healthy'] = await healthyRuns(count('healthy'));
if (count('faults') > 0) report['faults'] = await faultDistributions(count('faults'));
if (count('kills') > 0) {
  const outcome = await killRuns({ count: count('kills'), seed, say });
  failures += outcome.failures.length;
  report['kills'] = outcome;
}
if (count('mutations') > 0) {
  const outcome = await fuzzDesigns({ count: count('mutations'), seed });
  failures += outcome.failures.length;
  report['mutations'] = outcome;
}
if (count('failovers') > 0) {
  const failovers = count('failovers');
  // A third as many planned ones: they differ less.
  const switchovers = Math.ceil(failovers / 3);
  const outcome = await databaseFailovers({ name: 'soak-failover', failovers, switchovers, seed, say });
  const { rtoMs, switchoverMs, without, verdict } = outcome;
  const late = rtoMs.p50 > 1500 || rtoMs.max > 4000 || switchoverMs.p50 > 300;
  if (late || without.length > 0 || verdict !== 'pass') failures++;
  report['failovers'] = outcome;
}
if (count('partitions') > 0) {
  const outcome = await databasePartitions({ name: 'soak-partition', count: count('partitions'), seed, say });
  if (!survived(outcome)) failures++;
  report['partitions'] = outcome;
}
if (count('defects') > 0) {
  const outcome = await runDefects({ name: 'soak-defects', count: count('defects'), seed, say });
  if (!allCaught(outcome, count('defects'))) failures++;
  report['defects'] = outcome;
}
if (count('healthy-stores') > 0) {
  const outcome = await runHealthyStores({ name: 'soak-defects', count: count('healthy-stores'), seed, say });
  if (outcome.blamed.length > 0) failures++;
  report['healthyStores'] = outcome;
}
if (count('throughput') > 0) {
  const outcome = await throughput({ name: 'soak-throughput', seconds: count('throughput'), seed, say });
  const own = outcome.probesShare + outcome.historyShare;
  if (outcome.verdict !== 'pass' || outcome.whole < 2000 || own > 20) failures++;
  report['throughput'] = outcome;
}
if (count('quorum-cuts') > 0) {
  const rounds = count('quorum-cuts');
  const safe = await quorumCuts({ name: 'soak-cuts', rounds, seed, disk: 'safe', say });
  const lying = await quorumCuts({ name: 'soak-cuts', rounds, seed, disk: 'lying', say });
  failures += safe.filter(({ verdict }) => verdict !== 'pass').length;
  // Where nothing was lost there was nothing to find.
  failures += lying.filter(({ lost, verdict }) => lost > 0 && verdict !== 'fail').length;
  report['quorumCuts'] = { safe, lying };
}
if (count('power-cuts') > 0) {
  const outcomes = await powerCuts({ name: 'soak-power', rounds: count('power-cuts'), seed, say });
  failures += outcomes.filter(({ wrong }) => wrong.length > 0).length;
  report['powerCuts'] = {
    tablesMs: quantiles(outcomes.map(({ tablesMs }) => tablesMs ?? null)),
    healedMs: quantiles(outcomes.map(({ healedMs }) => healedMs ?? null)),
    wrong: outcomes.filter(({ wrong }) => wrong.length > 0),
  };
}
if (count('service-moves') > 0) {
  const outcomes = await serviceMoves({ name: 'soak-moves', moves: count('service-moves'), seed, say });
  const silentMs = quantiles(outcomes.map((outcome) => outcome.silentMs ?? null));
  failures += silentMs.missing;
  report['serviceMoves'] = { silentMs };
}
process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
process.exitCode = failures > 0 ? 1 : 0;

/** Whole runs of the main lab, each with another seed: every one must pass. */
async function healthyRuns(runs: number) {
  const base = mkdtempSync(join(tmpdir(), 'leafstorm-soak-'));
  const took: number[] = [];
  const rto: (number | null)[] = [];
  const notPassed: unknown[] = [];
  for (let i = 0; i < runs; i++) {
    const began = performance.now();
    const { verdict } = await run('pod', { base, seed: seed + i });
    took.push(performance.now() - began);
    rto.push(...verdict.stores.map(({ rtoMs }) => rtoMs));
    say(`run ${i + 1} of ${runs}, seed ${seed + i}: ${verdict.verdict} in ${Math.round(took.at(-1) ?? 0)} ms`);
    if (verdict.verdict === 'pass') continue;
    const blamed = [...verdict.assertions, ...verdict.faults, ...verdict.stores].filter(
      (part) => part.verdict !== 'pass',
    );
    for (const part of blamed) say(`  ${JSON.stringify(part)}`);
    notPassed.push({ seed: seed + i, verdict: verdict.verdict, blamed });
  }
  failures += notPassed.length;
  rmSync(base, { recursive: true, force: true });
  return { runs, passed: runs - notPassed.length, notPassed, tookMs: quantiles(took), rtoMs: quantiles(rto) };
}

/** Carrier loss, power-off and silence on four spines and eight racks, and silence without BFD, which must last as long as the hold time. */
async function faultDistributions(repetitions: number) {
  const kinds = [
    { kind: 'link-down', target: 'spine-leaf' },
    { kind: 'switch-power', target: 'spine' },
    { kind: 'link-silent', target: 'spine-leaf' },
  ];
  const set = { spines: 4, racks: 8, servers: 0, bfd: { intervalMs: 100, multiplier: 3 } };
  const measured = await distributions({ lab: 'pod', set, kinds, repetitions, seed, say });
  const limits: Record<string, { fibMs?: number; lossMs: number; healMs: number }> = {
    'link-down': { fibMs: 250, lossMs: 250, healMs: 3000 },
    'switch-power': { fibMs: 250, lossMs: 250, healMs: 3000 },
    'link-silent': { lossMs: 500, healMs: 3000 },
  };
  for (const { kind, fibMs, lossMs, healFibMs } of measured) {
    const limit = limits[kind] as (typeof limits)[string];
    const late =
      fibMs.missing > 0 ||
      fibMs.max > (limit.fibMs ?? Number.POSITIVE_INFINITY) ||
      lossMs.max > limit.lossMs ||
      healFibMs.max > limit.healMs;
    if (late) failures++;
    say(
      `${kind}: fib max ${fibMs.max}, loss max ${lossMs.max}, heal max ${healFibMs.max} ms: ${late ? 'beyond' : 'within'} the limit`,
    );
  }
  const [withoutBfd] = await distributions({
    lab: 'pod',
    set: { ...set, bfd: false },
    kinds: [{ kind: 'link-silent', target: 'spine-leaf' }],
    repetitions: 1,
    seed,
    say,
  });
  return { measured, withoutBfd };
}
