import type { CheckId } from '../catalogue.ts';
import { byteLimits } from './byte-limits.ts';
import { jumpLoops, orphanChains } from './chains.ts';
import type { Lint, Linted } from './lint.ts';
import { missingDispatch } from './missing-dispatch.ts';
import { unevenChoices } from './uneven-choices.ts';
import { unreachableRules } from './unreachable-rules.ts';

/** Finds what `nft -c` lets pass in a table. @param asked which lints */
export function lintsOf(linted: Linted, asked: ReadonlySet<CheckId>): readonly Lint[] {
	const found = [unreachableRules, orphanChains, jumpLoops, unevenChoices, missingDispatch, byteLimits];
	return found.flatMap((lint) => lint(linted)).filter(({ id }) => asked.has(id));
}
