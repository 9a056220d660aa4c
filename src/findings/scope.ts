import type { FindingObject } from '../model/change-set.ts';
import { groupBy } from '../model/group-by.ts';
import { CLUSTER, type Draft, draft, serviceObject } from './draft.ts';

/** Services that are meant to change: one, or all of a namespace where the name is null. */
export interface Scope {
	readonly namespace: string;
	readonly name: string | null;
}

/** Reads `NAMESPACE/NAME`, `NAMESPACE/*` or `NAMESPACE`; null for another text. */
export function readScope(text: string): Scope | null {
	const [, namespace, name] = /^([a-z0-9-]+)(?:\/([a-z0-9-]+|\*))?$/.exec(text) ?? [];
	return namespace === undefined ? null : { namespace, name: name === undefined || name === '*' ? null : name };
}

/**
 * Finds what changes though it is not meant to. Notes in rules and objects without a rule do not count.
 * @param scopes nothing is out of an empty scope
 */
export function outOfScope(drafts: readonly Draft[], scopes: readonly Scope[]): readonly Draft[] {
	if (scopes.length === 0) return [];
	const others = drafts.filter(({ id, object }) => id !== 'cosmetic' && !isIn(object, scopes));
	const groups = groupBy(others, ({ object: { namespace, name } }) => `${namespace ?? ''}/${name ?? ''}`);
	return [...groups.values()].flatMap((group) => {
		const [first] = group;
		if (first === undefined) return [];
		const { namespace, name } = first.object;
		const object = namespace === null || name === null ? CLUSTER : serviceObject({ namespace, name });
		const ids = [...new Set(group.map(({ id }) => id))].sort().join(', ');
		const flows = [...new Set(group.flatMap((each) => each.flows))];
		const nodes = [...new Set(group.flatMap((each) => each.nodes))].sort();
		return [
			{ ...draft({ id: 'out-of-scope-change', object, sentence: `it is not meant to change: ${ids}`, flows }), nodes },
		];
	});
}

function isIn({ namespace, name }: FindingObject, scopes: readonly Scope[]): boolean {
	return scopes.some((scope) => scope.namespace === namespace && (scope.name === null || scope.name === name));
}
