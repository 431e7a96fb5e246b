/** A lab in the hands of a script or a test: deployed, watched, broken and taken down. */
import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Topology } from 'containerlab-ts';
import { embedded } from '../engine/embedded/index.ts';
import type { ExecOptions, ExecResult, LabLink, RunningLab } from '../engine/engine.ts';
import { type Fabric, readFabric } from '../fabric/index.ts';
import { type Fault, faultKind, linksOf, type Proof } from '../fault/index.ts';
import { nowMs } from '../linux/clock.ts';
import type { Failures } from '../oracle/index.ts';
import { type Kernel, openKernel } from '../router/index.ts';
import { diffRoutes, type NodeRoutes, type RouteDifference } from '../router/routes.ts';
import { type Intent, intentOf } from './intent.ts';

export interface LabOptions {
  /** Default: drawn, and told by `Lab.seed`. */
  readonly seed?: number;
  readonly say?: (line: string) => void;
  /** A folder that belongs to the lab and goes with it. */
  readonly folder?: string;
}

/** A fault that is in force. */
export interface ActiveFault {
  readonly kind: string;
  readonly target: string;
  /** CLOCK_MONOTONIC milliseconds. */
  readonly atMs: number;
  readonly proof: Proof;
  heal(): Promise<{ readonly atMs: number }>;
}

export class Lab {
  readonly running: RunningLab;
  readonly fabric: Fabric | undefined;
  readonly intent: Intent;

  readonly #folder: string | undefined;
  readonly #seed: number;

  private constructor(running: RunningLab, fabric: Fabric | undefined, seed: number, folder?: string) {
    this.#folder = folder;
    this.#seed = seed;
    this.running = running;
    this.fabric = fabric;
    this.intent = intentOf(running.topology, fabric);
  }

  /** Boots a lab; see `Engine.deploy` for what it throws. */
  static async deploy(
    { topology, fabric }: { readonly topology: Topology; readonly fabric: Fabric | undefined },
    options: LabOptions = {},
  ): Promise<Lab> {
    const { seed = drawSeed(), say, folder } = options;
    return new Lab(await embedded.deploy(topology, say === undefined ? { seed } : { seed, say }), fabric, seed, folder);
  }

  /** A lab that is running already. @throws InputError where there is none of that name */
  static async attach(name: string): Promise<Lab> {
    const running = await embedded.attach(name);
    return new Lab(running, fabricBeside(running.topology), drawSeed());
  }

  get name(): string {
    return this.running.name;
  }

  /**
   * Waits until the kernel tables of every router equal the prediction, by dumping one after another until it does.
   * `check` is called between two looks: what it throws ends the wait.
   * @returns milliseconds it took, or undefined after `timeoutMs`, and what still differed
   */
  async converged(
    options: { readonly timeoutMs?: number; readonly failures?: Failures; readonly check?: () => void } = {},
  ): Promise<{ readonly tookMs: number | undefined; readonly differences: readonly RouteDifference[] }> {
    const { timeoutMs = 60_000, failures, check = () => {} } = options;
    const begin = nowMs();
    const { routes } = this.intent.predict(failures);
    const kernels = new Map([...routes.keys()].map((node) => [node, openKernel(this.running.node(node).netns)]));
    const differs = (node: string) =>
      diffRoutes(node, routes.get(node) as NodeRoutes, (kernels.get(node) as Kernel).routes());
    try {
      // One that differs is enough to go on waiting: the machine has routes to exchange meanwhile.
      let left = [...kernels.keys()];
      for (;;) {
        const first = left.findIndex((node) => differs(node).length > 0);
        if (first < 0) {
          // All agreed, each at its own instant: now all at once.
          left = [...kernels.keys()].filter((node) => differs(node).length > 0);
          if (left.length === 0) break;
        } else left = left.slice(first);
        if (nowMs() - begin >= timeoutMs) break;
        await sleep(5);
        check();
      }
      const differences = left.length === 0 ? [] : [...kernels.keys()].flatMap(differs);
      return { tookMs: left.length === 0 ? nowMs() - begin : undefined, differences };
    } finally {
      for (const kernel of kernels.values()) kernel.close();
    }
  }

  /** Links that end at a node. */
  linksOf(node: string): readonly LabLink[] {
    return linksOf(this.running, node);
  }

  /** Breaks one thing and looks whether it broke; mends what it could not break or look at to the end. @throws InputError naming what there is */
  async fault(kind: string, target: string): Promise<ActiveFault> {
    const fault = this.prepare(kind, target);
    try {
      const { atMs } = await fault.inject();
      return Object.freeze({ kind, target, atMs, proof: await fault.proof(), heal: () => fault.heal() });
    } catch (error) {
      await fault.heal();
      throw error;
    }
  }

  /** A fault that is ready to strike. @throws InputError */
  prepare(kind: string, target: string): Fault {
    const { racks, power, addresses, detectionMs } = this.intent;
    const context = { lab: this.running, racks, power, addresses, detectionMs, seed: this.#seed };
    return faultKind(kind).prepare(context, target);
  }

  /** Runs one argv on a node, no shell between. */
  exec(node: string, argv: readonly string[], options?: ExecOptions): Promise<ExecResult> {
    return this.running.exec(node, argv, options);
  }

  /** Takes it down; with `cleanup` its folder as well. */
  async destroy(options?: { readonly cleanup?: boolean }): Promise<void> {
    await this.running.destroy(options);
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The intent that `generate` left beside a topology. */
export function fabricBeside({ file }: Topology): Fabric | undefined {
  const path = join(dirname(file), 'fabric.json');
  return existsSync(path) ? readFabric(path) : undefined;
}

/** A seed nobody chose; it is printed and recorded. */
export function drawSeed(): number {
  return Math.floor(Math.random() * 0x100000000);
}
