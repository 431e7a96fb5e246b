/** Is a number of losses what chance gives? */

/** Two-sided: a healthy lossy link falls outside once in 100,000 measurements. */
const SIGNIFICANCE = 1e-5;

export interface LossBound {
  readonly least: number;
  readonly most: number;
}

/**
 * How many of `sent` independent packets may be lost when each is lost with probability `loss`: exact binomial tails, half the
 * significance on either side.
 */
export function lossBound(sent: number, loss: number): LossBound {
  if (loss <= 0) return { least: 0, most: 0 };
  if (loss >= 1) return { least: sent, most: sent };
  const tail = SIGNIFICANCE / 2;
  let cumulative = 0;
  let least = 0;
  // Probability of exactly k, by the ratio of neighbours and in logarithms, so that it neither under- nor overflows.
  let logarithm = sent * Math.log1p(-loss);
  const odds = Math.log(loss) - Math.log1p(-loss);
  for (let k = 0; k <= sent; k++) {
    cumulative += Math.exp(logarithm);
    if (cumulative < tail) least = k + 1;
    if (cumulative >= 1 - tail) return { least, most: k };
    logarithm += Math.log(sent - k) - Math.log(k + 1) + odds;
  }
  return { least, most: sent };
}
