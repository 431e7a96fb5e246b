/** Predicting whole fabrics. */
import { predict, workOut } from '../../src/index.ts';
import { leafSpine } from '../../topologies/leaf-spine.ts';
import { type Benchmark, benchmark, medianMs } from './benchmark.ts';

export async function benchOracle(): Promise<readonly Benchmark[]> {
  const results: Benchmark[] = [];
  for (const [spines, racks, limitMs] of [
    [4, 46, 100],
    [8, 200, 1500],
  ] as const) {
    const fabric = workOut(leafSpine({ spines, racks, servers: 0 }));
    const input = { configs: new Map(fabric.nodes.map(({ name, config }) => [name, config])), links: fabric.links };
    const ms = await medianMs(3, () => predict(input));
    results.push(benchmark(`predict ${spines} spines, ${racks} racks`, ms, 'ms', 'limit', limitMs));
  }
  return results;
}
