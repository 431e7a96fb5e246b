/** Statements that the model does not know. */
import type { FrrConfig, UnknownStatement } from './model.ts';

/** Every statement that was kept verbatim, in the order of the text, with its block, its line and its place. */
export function unknownStatements(config: FrrConfig): readonly UnknownStatement[] {
  return config.unknown ?? [];
}
