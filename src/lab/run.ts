/** The whole job: generate, check, deploy, converge, prove the baseline, load, break and mend, read finally, judge, clean up. */
import type { Topology } from 'containerlab-ts';
import { type Assertion, assertConverged, assertRoutes } from '../assert/index.ts';
import { checkDesign, differences, readConfigs } from '../check/index.ts';
import { embedded } from '../engine/embedded/index.ts';
import { InputError, MissingError } from '../errors.ts';
import { planFaults } from '../fault/index.ts';
import { nowMs } from '../linux/clock.ts';
import { createRandom } from '../random.ts';
import type { Reporter } from '../report/index.ts';
import { worst } from '../verdict.ts';
import { assertAfter } from './after.ts';
import { assertBaseline, sessionsWhole } from './baseline.ts';
import { type DesignParameters, defaultExpectations, defaultFaults, type LabDefinition } from './definition.ts';
import { drill } from './drill.ts';
import { assertFindings } from './findings.ts';
import { silenceOf, targetChoices } from './intent.ts';
import { Interrupted, listenForInterrupt } from './interrupt.ts';
import type { StoreMemo } from './judge.ts';
import { drawSeed, Lab } from './lab.ts';
import { type Observation, observe } from './observe.ts';
import { phaseRunner } from './phases.ts';
import { placementProblems, placementWarnings } from './placement.ts';
import { observeProven } from './proven.ts';
import { openRecord, type RunRecord } from './record.ts';
import { watchRoles } from './role-watch.ts';
import { recordSessions } from './session-events.ts';
import { type LabSource, loadSource, requireLabName, topologyAt } from './source.ts';
import { type StoreUnderLoad, startStores } from './stores/index.ts';
import { requireStorePrograms } from './stores/programs.ts';
import type { FaultRecord, StoreRecord, VerdictFile } from './verdict-file.ts';
import { toolVersions } from './versions.ts';

export interface RunOptions {
  readonly seed?: number;
  readonly parameters?: DesignParameters;
  /** Folder below which `runs/` is. */
  readonly base: string;
  readonly keep?: 'never' | 'on-fail' | 'always';
  /** Runs under another name than the topology's. */
  readonly name?: string;
  readonly reporters?: readonly Reporter[];
  /** Instead of the lab's own. */
  readonly definition?: LabDefinition;
  /** Ends after the baseline: no load, no fault. */
  readonly baselineOnly?: boolean;
  /** What the user typed to get this run, without the seed. */
  readonly command?: readonly string[];
}

export interface RunResult {
  readonly verdict: VerdictFile;
  readonly record: RunRecord;
  /** The lab still runs, because the caller asked to keep it. */
  readonly kept: boolean;
}

/** Stream of the random numbers that draw the fault plan. */
const PLAN = 0x706c_616e;

/**
 * Runs a lab, a topology file or a folder.
 * @throws InputError, MissingError, Interrupted, and what the host refuses before the lab runs; whatever the run had started is removed first.
 * What goes wrong later is `unknown`, and in the verdict.
 */
export async function run(given: string, options: RunOptions): Promise<RunResult> {
  const { parameters = {}, keep = 'never', reporters = [], seed = drawSeed() } = options;
  const began = nowMs();
  const source = await loadSource(given, parameters, options.definition);
  const name = requireLabName(options.name ?? source.name);
  const plans =
    source.definition !== undefined && source.fabric !== undefined && !options.baselineOnly
      ? source.definition.stores(source.fabric)
      : [];
  const misplaced = source.fabric === undefined ? [] : placementProblems(source.fabric, plans);
  if (misplaced.length > 0) throw new InputError(misplaced.map((problem) => `lab ${name}: ${problem}`));
  requireStorePrograms(plans);
  // With the places of the user's own file; what is deployed later is the record's copy.
  if (source.file !== undefined) await embedded.preflight({ ...topologyAt(source.file), name });
  const replay = [...(options.command ?? ['leafstorm', 'run', given]), '--seed', String(seed)];
  const record = openRecord(options.base, { lab: name, seed, replay, versions: toolVersions() }, reporters);
  const topology = Object.freeze({ ...placeIn(record, source), name });
  const timings: { -readonly [K in keyof VerdictFile['timings']]: VerdictFile['timings'][K] } = {
    generateMs: Math.round(nowMs() - began),
    deployMs: 0,
    convergeMs: null,
    destroyMs: null,
  };
  const expect = source.definition?.expect ?? defaultExpectations;
  const assertions: Assertion[] = [];
  const interrupt = listenForInterrupt();
  const phase = phaseRunner(record, assertions, interrupt.check);
  let faults: readonly FaultRecord[] = [];
  let storeRecords: readonly StoreRecord[] = [];
  let stores: readonly StoreUnderLoad[] = [];
  let stopRoles = async () => {};
  let observation: Observation | undefined;
  let lab: Lab | undefined;
  let kept = false;
  let gaveUp = false;

  const parts = `${topology.nodes.length} nodes, ${topology.links.length} links`;
  record.emit({ type: 'begin', lab: name, seed, engine: 'embedded', summary: parts });
  try {
    await phase('check', async () => {
      const configs = readConfigs(topology);
      const { fabric } = source;
      const findings = checkDesign(fabric === undefined ? { topology, configs } : { topology, configs, fabric });
      for (const line of fabric === undefined ? [] : placementWarnings(fabric, plans))
        record.emit({ type: 'say', line });
      for (const difference of fabric === undefined ? [] : differences(fabric, configs)) {
        record.emit({ type: 'say', line: `differs from the intent: ${difference.node}: ${difference.message}` });
      }
      for (const { severity, rule, node, message, file, line } of findings) {
        if (severity === 'warning')
          record.emit({ type: 'say', line: `warning: ${node}: ${message} [${rule}] (${file}:${line})` });
      }
      return {
        assertions: assertFindings(name, topology.nodes.length, findings),
        summary: `${findings.length} findings`,
      };
    });

    await phase('deploy', async () => {
      const deployBegan = nowMs();
      lab = await Lab.deploy(
        { topology, fabric: source.fabric },
        { seed, say: (line) => record.emit({ type: 'say', line }) },
      );
      timings.deployMs = Math.round(nowMs() - deployBegan);
      return { summary: `${topology.nodes.length} nodes run, ${topology.links.length} links verified` };
    });
    const running = lab as unknown as Lab;
    const healthy = running.intent.predict();

    await phase('converge', async () => {
      const deployBegan = nowMs() - timings.deployMs;
      const { check } = interrupt;
      const inTime = await running.converged({ timeoutMs: Math.max(0, expect.convergeMs - timings.deployMs), check });
      // Past the limit as well, so that what is late is told from what never comes.
      const { tookMs, differences: left } =
        inTime.tookMs === undefined
          ? await running.converged({ timeoutMs: Math.min(expect.convergeMs, 15_000), check })
          : inTime;
      if (tookMs === undefined)
        return { assertions: assertRoutes(name, healthy.routes.size, left), summary: 'tables never were as predicted' };
      timings.convergeMs = Math.round(nowMs() - deployBegan);
      await sessionsWhole(running, healthy, expect.convergeMs);
      return {
        assertions: [assertConverged(name, timings.convergeMs, expect.convergeMs, inTime.differences)],
        summary: `tables of ${healthy.routes.size} routers as predicted, ${timings.convergeMs} ms after the deploy began`,
      };
    });

    await phase('baseline', async () => {
      const made = await assertBaseline(running, healthy);
      return { assertions: made, summary: `${healthy.sessions.length} sessions, ${made.length} assertions` };
    });

    // Without a whole network what follows would measure something else.
    if (!options.baselineOnly && timings.convergeMs !== null) {
      await phase('probe', async () => {
        const settle = async () => {
          await running.converged();
          await sessionsWhole(running, healthy, expect.convergeMs);
        };
        const proven = await observeProven(() => observe(running, seed), settle, silenceOf(running.intent));
        observation = proven.observation;
        return proven;
      });
      const watched = observation as unknown as Observation;
      if (plans.length === 0 && source.definition !== undefined) {
        record.emit({ type: 'say', line: 'no store: the design leaves no place for one, so data is not judged' });
      }
      if (plans.length > 0) {
        await phase('stores', async () => {
          stores = await startStores(running, plans, {
            seed,
            historyFile: record.historyFile,
            onManager: (member, event) => record.emit({ type: 'manager', store: plans[0]?.kind ?? '', member, event }),
          });
          stopRoles = watchRoles(stores, record.emit);
          return {
            summary: stores
              .map(({ kind, members }) => `${kind} serves from ${members.map(({ node }) => node).join(', ')}`)
              .join('; '),
          };
        });
      }
      await phase('faults', async () => {
        const kinds = plans.map(({ kind }) => kind);
        const steps = source.definition?.faults ?? defaultFaults;
        const plan = planFaults(steps, targetChoices(topology, running.intent, kinds), createRandom(seed, PLAN));
        faults = await drill({
          lab: running,
          plan,
          observers: watched,
          stores,
          expect,
          record,
          checkInterrupt: interrupt.check,
        });
        const missed = plan.slice(faults.length).map((one) => ({
          name: 'struck',
          target: `${one.kind.kind} ${one.target}`,
          measured: null,
          unit: '',
          verdict: 'unknown' as const,
          why: 'the lab was not whole after the fault before',
        }));
        return {
          assertions: missed,
          verdict: worst([...faults, ...missed].map(({ verdict }) => verdict)),
          summary: `${faults.length} faults`,
        };
      });
      if (stores.length > 0) {
        await phase('final', async () => {
          await stopRoles();
          const judged = [];
          for (const store of stores) judged.push(await store.judge());
          storeRecords = judged.map(({ record: one }) => one);
          record.keepStores(
            stores.map(
              ({ kind, trials: { outages, unrecovered }, maxStaleMs }): StoreMemo => ({
                name: kind,
                outages,
                ...(unrecovered === undefined ? {} : { unrecovered }),
                ...(maxStaleMs === undefined ? {} : { maxStaleMs }),
              }),
            ),
          );
          return {
            assertions: judged.flatMap(({ assertions: made }) => made),
            summary: storeRecords.map(ledgerLine).join('; '),
          };
        });
      }
      await phase('after', async () => ({
        assertions: await assertAfter(running, stores),
        summary: 'the baseline once more',
      }));
    }
  } catch (error) {
    gaveUp = true;
    const refused = error instanceof InputError || error instanceof MissingError;
    // A record tells of a run; nothing has run yet.
    if (lab === undefined && refused) record.discard();
    // Ctrl-C ends runc and its like as well: what they say then is not the reason.
    interrupt.check();
    if (lab === undefined || refused || error instanceof Interrupted) throw error;
    // What was shown until then stays shown.
    gaveUp = false;
    const ended = endedEarly(name, error as Error);
    assertions.push(ended);
    record.emit({ type: 'assertion', name: ended.name, target: name, verdict: ended.verdict, why: ended.why });
  } finally {
    const running = lab as Lab | undefined;
    try {
      await stopRoles();
      await Promise.all(stores.map((store) => store.stop()));
      await observation?.stop();
      for (const { name: node, dir } of running?.running.nodes ?? []) {
        recordSessions(record, node, `${dir}/log`);
        record.keepLogs(node, `${dir}/log`);
      }
    } finally {
      const verdictNow = worst([...assertions, ...faults, ...storeRecords].map(({ verdict }) => verdict));
      kept = running !== undefined && !gaveUp && (keep === 'always' || (keep === 'on-fail' && verdictNow !== 'pass'));
      if (!kept) {
        const destroyBegan = nowMs();
        await running?.destroy({ cleanup: true });
        timings.destroyMs = Math.round(nowMs() - destroyBegan);
      }
      interrupt.release();
    }
  }
  const verdict: VerdictFile = Object.freeze({
    lab: name,
    engine: 'embedded',
    seed,
    verdict: worst([...assertions, ...faults, ...storeRecords].map((part) => part.verdict)),
    assertions: Object.freeze(assertions),
    faults,
    stores: storeRecords,
    timings: Object.freeze(timings),
    nodes: topology.nodes.length,
    links: topology.links.length,
  });
  record.finish(verdict);
  record.emit({ type: 'end', verdict: verdict.verdict, record: record.dir, replay: replay.join(' ') });
  return Object.freeze({ verdict, record, kept });
}

/** The rest of the run is missing from its verdict, which therefore is no pass. */
function endedEarly(lab: string, { message, stack }: Error): Assertion {
  const why = `ended early: ${process.env['LEAFSTORM_DEBUG'] ? stack : message}`;
  return Object.freeze({ name: 'run', target: lab, measured: null, unit: '', verdict: 'unknown', why });
}

function ledgerLine({ name, acknowledged, lost, duplicated, unknown, rpo, rtoMs }: StoreRecord): string {
  const ledger = `${acknowledged} acknowledged, ${lost} lost, ${duplicated} duplicated, ${unknown} of unknown end`;
  return `${name}: ${ledger}; RPO ${rpo}${rtoMs === null ? '' : `, RTO ${rtoMs} ms`}`;
}

function placeIn(record: RunRecord, source: LabSource): Topology {
  try {
    return source.place(record.topologyDir);
  } catch (error) {
    record.discard();
    throw error;
  }
}
