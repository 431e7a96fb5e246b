/** Computes, from configurations and links minus what failed, which routes must exist. */
import type { FrrConfig } from 'frr-config';
import type { NodeRoutes } from '../router/routes.ts';

export interface OracleInput {
  /** Every router, by node name. Nodes of the topology without FRR are not in it. */
  readonly configs: ReadonlyMap<string, FrrConfig>;
  readonly links: readonly OracleLink[];
}

export interface OracleLink {
  readonly name: string;
  readonly a: { readonly node: string; readonly interface: string };
  readonly z: { readonly node: string; readonly interface: string };
}

/** What no longer works. A node that is off takes its links with it; a frozen node keeps its own tables but its peers see it as gone. */
export interface Failures {
  readonly links?: ReadonlySet<string>;
  readonly nodes?: ReadonlySet<string>;
  readonly frozen?: ReadonlySet<string>;
}

export interface Prediction {
  /** Tables of every router that is on and not frozen. */
  readonly routes: ReadonlyMap<string, NodeRoutes>;
  /** BGP sessions that must be established, each once, ends by node and neighbour name. */
  readonly sessions: readonly PredictedSession[];
  /** Statements that could change the answer and that the oracle cannot model: node, line and text. Empty means the prediction is complete. */
  readonly unmodelled: readonly {
    readonly node: string;
    readonly line: number;
    readonly text: string;
    readonly why: string;
  }[];
}

export interface PredictedSession {
  readonly a: { readonly node: string; readonly neighbor: string };
  readonly z: { readonly node: string; readonly neighbor: string };
  readonly link: string;
}
