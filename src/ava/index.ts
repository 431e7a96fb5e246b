/** leafstorm in ava: a test gets a lab, asserts on it, and the lab is gone afterwards, also where the test fails. */
import type { ExecutionContext, Implementation } from 'ava';
import { describeDifference, summary } from '../assert/index.ts';
import { type DeployLabOptions, deploy } from '../deploy.ts';
import type { ActiveFault, Lab, RunResult } from '../lab/index.ts';
import type { Failures } from '../oracle/index.ts';

/**
 * A test body with a lab of its own. The lab's name is the given one or made of the test's title, so tests can run side by side.
 * @example
 * test('a cut link is routed around', withLab('pod', {set: {servers: 0}}, async (t, lab) => {
 *   await converges(t, lab);
 *   const cut = await breaks(t, lab, 'link-down', 'spine-1:eth1--leaf-1:eth1');
 *   await converges(t, lab, {failures: {links: new Set([cut.target])}, withinMs: 250});
 * }));
 */
export function withLab(
  given: string,
  options: DeployLabOptions,
  body: (t: ExecutionContext, lab: Lab) => Promise<void>,
): Implementation<[]> {
  return async (t) => {
    const lab = await deploy(given, { name: labName(t.title), ...options });
    try {
      await body(t, lab);
    } finally {
      await lab.destroy({ cleanup: true });
    }
  };
}

/** Every kernel table comes to equal what the oracle predicts, within a time (ms; default 30,000). Gives the time it took. */
export async function converges(
  t: ExecutionContext,
  lab: Lab,
  options: { readonly withinMs?: number; readonly failures?: Failures } = {},
): Promise<number> {
  const { withinMs = 30_000, failures } = options;
  const { tookMs, differences } = await lab.converged({
    timeoutMs: withinMs,
    ...(failures === undefined ? {} : { failures }),
  });
  const left = differences.map((difference) => `${difference.node}: ${describeDifference(difference)}`);
  t.not(tookMs, undefined, `tables were not as predicted within ${withinMs} ms: ${summary(left)}`);
  return tookMs as number;
}

/** A fault strikes, and proves that it did. Heal it with `.heal()`. */
export async function breaks(t: ExecutionContext, lab: Lab, kind: string, target: string): Promise<ActiveFault> {
  const fault = await lab.fault(kind, target);
  t.is(fault.proof.verdict, 'pass', `${kind} ${target} did not take effect: ${fault.proof.evidence}`);
  return fault;
}

/** One node reaches an address (three pings, each within a second). */
export async function reaches(t: ExecutionContext, lab: Lab, from: string, address: string): Promise<void> {
  const { code, stdout } = await lab.exec(from, ['ping', '-n', '-q', '-c', '3', '-i', '0.2', '-W', '1', address]);
  t.is(code, 0, `${from} does not reach ${address}: ${stdout.trim()}`);
}

/** A whole run passed; where it did not, every part that is to blame is named. */
export function passes(t: ExecutionContext, { verdict, record }: RunResult): void {
  const blamed = [
    ...verdict.assertions.map(({ name, target, verdict: one, why }) => ({ what: `${name} ${target}: ${why}`, one })),
    ...verdict.faults.map(({ kind, target, verdict: one, why = '' }) => ({ what: `${kind} ${target}: ${why}`, one })),
    ...verdict.stores.map(({ name, checker, verdict: one }) => ({ what: `${name}: ${checker}`, one })),
  ].filter(({ one }) => one !== 'pass');
  t.is(
    verdict.verdict,
    'pass',
    `${blamed.map(({ what, one }) => `${one}: ${what}`).join('\n')}\nrecord: ${record.dir}`,
  );
}

/** Short enough for a lab's name, and different for different titles. */
function labName(title: string): string {
  let hash = 0;
  for (const character of title) hash = (Math.imul(hash, 31) + (character.codePointAt(0) as number)) >>> 0;
  return `t-${title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 16)
    .replace(/-$/, '')}-${hash.toString(36)}`;
}
