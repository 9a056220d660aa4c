import { groupBy } from '../model/group-by.ts';
import { type Problem, problemKey } from '../model/problem.ts';
import type { FindingId } from './catalogue.ts';
import { type Draft, draft, serviceObject } from './draft.ts';

/** Finds conflicts between Services that only one side has, by what the intake reported of each side. */
export function conflictsOf(base: readonly Problem[], head: readonly Problem[]): readonly Draft[] {
	const [old, now] = [base, head].map((problems) => problems.filter((problem) => conflictId(problem) !== null));
	const isNotIn = (problems: readonly Problem[] | undefined) => {
		const known = new Set(problems?.map(problemKey));
		return (problem: Problem) => !known.has(problemKey(problem));
	};
	const come = now?.filter(isNotIn(old)) ?? [];
	const gone = old?.filter(isNotIn(now)) ?? [];
	return [...drafts(come, conflictId), ...drafts(gone, () => 'conflict-resolved')];
}

/** Both kinds of claims have one code; the claim is the first thing that its sentence says. */
function conflictId({ code, sentence }: Problem): FindingId | null {
	if (code === 'address-hijack') return 'address-hijack';
	if (code !== 'claimed-twice') return null;
	return sentence.startsWith('it claims NodePort ') ? 'nodeport-conflict' : 'vip-conflict';
}

function drafts(problems: readonly Problem[], idOf: (problem: Problem) => FindingId | null): readonly Draft[] {
	const groups = groupBy(problems, (problem) => `${idOf(problem)} ${problem.object}`);
	return [...groups.values()].flatMap((group) => {
		const [first] = group;
		const [, namespace, name] = /^Service ([^/]+)\/(.+)$/.exec(first?.object ?? '') ?? [];
		const id = first === undefined ? null : idOf(first);
		if (id === null || namespace === undefined || name === undefined) return [];
		const said = group
			.map(({ sentence }) => sentence)
			.sort()
			.join('; ');
		const sentence = id === 'conflict-resolved' ? `this is settled: ${said}` : said;
		const identity = id === 'conflict-resolved' ? { before: said, after: '' } : { before: '', after: said };
		return [draft({ id, object: serviceObject({ namespace, name }), sentence, identity })];
	});
}
