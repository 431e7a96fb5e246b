/** The recipes, and which image means which. */
import { frr } from './frr.ts';
import { host } from './host.ts';
import type { Recipe } from './recipe.ts';

export type { Prepared, Program, Recipe, RecipeNode } from './recipe.ts';
export { READY_FILE } from './recipe.ts';

export const RECIPES: readonly Recipe[] = Object.freeze([frr, host]);

/** `registry/path/name:tag@digest` without registry, tag and digest. */
export function repositoryOf(image: string): string {
  const [withoutDigest = ''] = image.split('@');
  const withoutTag = withoutDigest.replace(/:[^/:]*$/, '');
  const [first = '', ...rest] = withoutTag.split('/');
  const isRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return isRegistry ? rest.join('/') : withoutTag;
}

/** The recipe that an image means, by its whole repository or by the repository's last part; undefined where none knows it. */
export function recipeFor(image: string): Recipe | undefined {
  const repository = repositoryOf(image).toLowerCase();
  const last = repository.slice(repository.lastIndexOf('/') + 1);
  return (
    RECIPES.find((recipe) => recipe.images.includes(repository)) ??
    RECIPES.find((recipe) => recipe.images.includes(last))
  );
}

/** For messages: every image that is known, recipe by recipe. */
export function knownImages(): string {
  return RECIPES.map((recipe) => `${recipe.name} (${recipe.images.join(', ')})`).join('; ');
}
