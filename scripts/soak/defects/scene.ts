// A scene: one lab in which defects are planted, one after another or side by side, in a situation that a healthy system survives.
import type { Assertion } from '../../../src/assert/index.ts';

/** A defect, and who must catch it in which words. */
export interface Planted {
  readonly name: string;
  /** What is planted, in one line. */
  readonly plant: string;
  /** The assertion that must fail. */
  readonly assertion: string;
  /** What its reason must say. */
  readonly says: RegExp;
}

/** What came of one run of a defect, or of its healthy twin. */
export interface Trial {
  /** Whether the defect did anything: only then must it be caught. Of a twin: whether the situation was the same. */
  readonly tookEffect: boolean;
  readonly evidence: string;
  readonly assertions: readonly Assertion[];
}

export interface SceneOptions {
  /** Of the lab. */
  readonly name: string;
  readonly seed: number;
  /** Names of the defects to plant, each with its healthy twin. */
  readonly plant: readonly string[];
  /** The twins alone. */
  readonly healthyOnly?: boolean;
}

/** By the name of the defect; healthy twins under names that begin with `healthy`. */
export type Trials = ReadonlyMap<string, Trial>;

export interface Scene {
  readonly name: string;
  readonly defects: readonly Planted[];
  play(options: SceneOptions): Promise<Trials>;
}
