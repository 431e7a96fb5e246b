/** A recipe builds a node's root from the host's own packages and says how the node starts. */

export interface Recipe {
  readonly name: string;
  /** Repositories of images that mean this recipe: without tag, and without registry where any will do. */
  readonly images: readonly string[];
  /** What the host must have. */
  readonly programs: readonly Program[];
  /** Forwards packets. */
  readonly router: boolean;
  /**
   * Writes what is special to this recipe into the node's root.
   * @throws InputError where the node's configuration cannot be used
   */
  prepare(node: RecipeNode): Prepared;
}

export interface Program {
  /** Name to be found in PATH, or an absolute path. */
  readonly path: string;
  /** Debian package that has it. */
  readonly package: string;
}

/** What a recipe may know of a node. */
export interface RecipeNode {
  readonly name: string;
  /** Folder on the host that becomes `/` of the node. */
  readonly root: string;
  /** Folder on the host that becomes `/var/log` of the node. */
  readonly log: string;
  readonly cmd: readonly string[];
  readonly entrypoint: readonly string[];
  /** Text of a file as the node sees it through its binds; undefined where no bind gives it. */
  readFile(path: string): string | undefined;
}

export interface Prepared {
  /** Process 1 of the node. It must reap orphans. */
  readonly argv: readonly string[];
  /** Folder of FRR's vty sockets inside the node. */
  readonly vtyDir?: string;
  /** Process 1 writes `READY_FILE` once everything runs: `ok`, or what went wrong. Without it a node is ready when it has started. */
  readonly reportsReady: boolean;
  /** Programs that can be started again after they were killed, each with the commands that do it, in order. */
  readonly restarts: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** For the user: what of the node's input has no effect here. */
  readonly warnings: readonly string[];
}

/** Inside the node. */
export const READY_FILE = '/run/leafstorm-ready';
