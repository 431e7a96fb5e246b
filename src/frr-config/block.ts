/** What the parts of a configuration have in common: how a block takes statements in, and how it is written. */

/** A block that is open while reading: the file itself, `interface eth1`, `router bgp 65000`, ... */
export interface Block {
  /** Its opening line in canonical form, or empty for the file. */
  readonly opener: string;
  /** Path in the model, such as `bgp/0`; empty for the file. */
  readonly path: string;
  /**
   * Takes one statement into the model.
   * @returns the block that it opens, true where it was taken, or false where it is not known here
   */
  readonly read: (statement: Statement) => Block | boolean;
}

export interface Statement {
  /** Without a leading `no`. */
  readonly words: readonly string[];
  readonly no: boolean;
  /** Records the statement's line for a path of the model; the last one counts. */
  readonly mark: (path: string) => void;
  /** The same, but the first one counts: for things that several statements make up. */
  readonly begin: (path: string) => void;
}

/** One line to write, or a block with its lines. */
export interface Written {
  readonly path: string;
  readonly text: string;
  /** Neighbouring lines of the file that share a group stand together; `!` parts the groups. */
  readonly group?: string;
  readonly lines?: readonly Written[];
  /** Where a nested block has its `!`. */
  readonly bang?: 'before' | 'after';
  /** The line that ends the block; `exit` where it is not said. */
  readonly close?: string;
}
