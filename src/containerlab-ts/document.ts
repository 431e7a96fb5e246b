/** A topology as one writes it down: compact, plain, before inheritance. Keys are spelled as in the file. */

/** Anything a topology file can hold. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

export interface TopologyDocument {
  /** The lab's name. */
  readonly name: string;
  /** Absent: `clab`. See {@link containerName}. */
  readonly prefix?: string;
  /** The management network. */
  readonly mgmt?: Readonly<Record<string, Plain>>;
  readonly settings?: Readonly<Record<string, Plain>>;
  /** What every node inherits. */
  readonly defaults?: NodeDefinition;
  /** What nodes of a kind inherit, by kind. */
  readonly kinds?: Readonly<Record<string, NodeDefinition>>;
  /** What nodes of a group inherit, by group. */
  readonly groups?: Readonly<Record<string, NodeDefinition>>;
  readonly nodes: Readonly<Record<string, NodeDefinition>>;
  readonly links: readonly LinkDefinition[];
}

/** A node, or what nodes inherit. Every key of the format is allowed; those named here are the usual ones. */
export interface NodeDefinition {
  readonly kind?: string;
  readonly group?: string;
  readonly image?: string;
  readonly cmd?: string;
  readonly entrypoint?: string;
  /** `source:target[:options]`; a relative source starts from the topology file's folder. */
  readonly binds?: readonly string[];
  readonly env?: Readonly<Record<string, string | number | boolean>>;
  readonly labels?: Readonly<Record<string, string | number>>;
  readonly sysctls?: Readonly<Record<string, string | number>>;
  readonly exec?: readonly string[];
  /** Processors. */
  readonly cpu?: number;
  /** A size such as `512mb` or `1gib`. */
  readonly memory?: string;
  /** Seconds. */
  readonly 'startup-delay'?: number;
  readonly 'network-mode'?: string;
  readonly [key: string]: Plain | undefined;
}

export type LinkDefinition = BriefLink | ExtendedLink;

/** `endpoints: ["a:eth1", "b:eth1"]`. */
export interface BriefLink {
  readonly type?: undefined;
  /** `node:interface`, twice. */
  readonly endpoints: readonly [string, string];
  /** Bytes; absent: 9500. */
  readonly mtu?: number;
  /** Addresses of the ends, which kind `linux` only exports. */
  readonly ipv4?: readonly string[];
  readonly ipv6?: readonly string[];
  readonly vars?: Readonly<Record<string, Plain>>;
}

/** A link that names its type, with the keys of that type. */
export interface ExtendedLink {
  readonly type: string;
  readonly [key: string]: Plain | undefined;
}
