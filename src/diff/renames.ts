import { isDeepStrictEqual } from 'node:util';
import type { ProgramChange } from './comparison.ts';
import { ruleCount } from './rule-count.ts';

/**
 * Makes one change of two where a port of a Service leaves and another one comes whose rules do the same: it was renamed.
 * The change has the new owner, and the old program before.
 */
export function joinedRenames(programs: readonly ProgramChange[]): readonly ProgramChange[] {
	const leaving = new Map<string, ProgramChange[]>();
	for (const change of programs) {
		if (change.after === null) leaving.set(serviceKey(change), [...(leaving.get(serviceKey(change)) ?? []), change]);
	}
	const joined = new Map<ProgramChange, ProgramChange>();
	const renamed = new Set<ProgramChange>();
	for (const change of programs) {
		if (change.before !== null) continue;
		const old = leaving.get(serviceKey(change))?.find((each) => !renamed.has(each) && doSame(each, change));
		if (old === undefined) continue;
		renamed.add(old);
		joined.set(change, { ...change, before: old.before });
	}
	return programs.filter((change) => !renamed.has(change)).map((change) => joined.get(change) ?? change);
}

function serviceKey({ owner, family }: ProgramChange): string {
	return JSON.stringify([owner.namespace, owner.service, family]);
}

function doSame(leaving: ProgramChange, coming: ProgramChange): boolean {
	if (!isDeepStrictEqual(leaving.nodes, coming.nodes)) return false;
	const { added, removed } = ruleCount({ before: leaving.before, after: coming.after });
	return added + removed === 0;
}
