/** The containerlab topology format as leafstorm and others use it once read: inheritance applied, variables replaced. */

/** A place in a file. Lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing wrong with an input, where it is, and what to do about it. */
export interface Problem {
  readonly message: string;
  readonly at: Position;
  /** What to do, as a full sentence; empty where the message says it. */
  readonly remedy: string;
}

/** A topology, worked out: what an engine needs to know to make it real. Frozen. */
export interface Topology {
  /** The lab's name. */
  readonly name: string;
  /** Containers are called `<prefix>-<name>-<node>`; `''` gives `<node>`, `__lab-name` gives `<name>-<node>`. */
  readonly prefix: string;
  /** The file it was read from; relative binds start from this file's folder. */
  readonly file: string;
  readonly nodes: readonly TopologyNode[];
  readonly links: readonly TopologyLink[];
  /** `mgmt`, `settings` and `debug`, as written. */
  readonly other?: readonly Setting[];
}

/**
 * Something that the format knows and this model does not (`healthcheck`, `mgmt-ipv4`, `cap-add`, ...): inherited by the
 * format's rules and kept with its place, so that an engine can honour it, or say where it stands and that it does not.
 */
export interface Setting {
  /** As the file spells it. */
  readonly key: string;
  /** Plain data: text, numbers, booleans, lists and maps. */
  readonly value: unknown;
  /** Where its most specific part stands. */
  readonly at: Position;
}

/** A node with everything it inherits from its group, its kind and the defaults. */
export interface TopologyNode {
  readonly name: string;
  readonly kind: string;
  readonly group: string;
  readonly image: string;
  readonly cmd: string;
  readonly entrypoint: string;
  readonly binds: readonly Bind[];
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly sysctls: Readonly<Record<string, string>>;
  /** Commands run inside the node, in order, once it is up and its links exist. */
  readonly exec: readonly string[];
  /** Processors, as containerlab counts them (0.5 is half of one); 0 is no limit. */
  readonly cpu: number;
  /** Bytes; 0 is no limit. */
  readonly memory: number;
  /** Seconds to wait before the node starts. */
  readonly startupDelay: number;
  readonly networkMode: string;
  readonly at: Position;
  readonly other?: readonly Setting[];
}

/** `source:target[:options]`; `source` is absolute, or as written when it is not a path of the host. */
export interface Bind {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly at: Position;
  /** The options other than `ro` and `rw`, such as `rshared`; absent where there are none. */
  readonly options?: readonly string[];
}

/**
 * A veth link between two nodes of the topology, or another type that an engine may refuse with its place. The far end of
 * `host`, `mgmt-net` and `macvlan` is a node of that name; that of `vxlan`, `vxlan-stitch` and `dummy` is empty.
 */
export interface TopologyLink {
  /** `veth`, `veth-stitch`, `host`, `mgmt-net`, `macvlan`, `vxlan`, `vxlan-stitch` or `dummy`. */
  readonly type: string;
  readonly a: TopologyEndpoint;
  readonly z: TopologyEndpoint;
  /** Bytes. */
  readonly mtu: number;
  readonly at: Position;
  /** `vars`, `labels`, `vni` and so on, as written. */
  readonly other?: readonly Setting[];
}

export interface TopologyEndpoint {
  readonly node: string;
  readonly interface: string;
  /** Lower-case, colon separated; empty where the engine may choose. */
  readonly mac: string;
  /** `ipv4`, `ipv6` and `vars` of an extended link, as written. */
  readonly other?: readonly Setting[];
}

/** What reading gives: a topology only where there is no problem. */
export type ReadResult =
  | { readonly topology: Topology; readonly problems: readonly [] }
  | { readonly topology: undefined; readonly problems: readonly Problem[] };
