import type { ChangeSet, Finding, FindingObject, NodeCohort } from '../model/change-set.ts';
import { isSymbol } from './commands.ts';
import { counted, firstFew } from './counts.ts';

/** What a finding is about: `shop/web:http`, `node n1`, `the cluster`. */
export function objectText({ kind, namespace, name, port }: FindingObject): string {
	if (kind === 'Cluster') return 'the cluster';
	if (kind === 'Node') return `node ${name ?? ''}`;
	const service = `${namespace ?? ''}/${name ?? ''}`;
	return port === null || port === '' ? service : `${service}:${port}`;
}

/** Says on which nodes a finding holds; null where it is not about nodes. */
export type NodesText = (finding: Finding) => string | null;

/** Nodes in as few words as name them: `all 200 nodes`, `node n1`, `4 nodes, pool=edge`, `196 nodes, cohorts A, C`. */
export function nodesTexts({ nodes: all, cohorts }: ChangeSet): NodesText {
	const holders = cohortsByFinding(cohorts);
	return ({ nodes, fingerprint }) => {
		const [first] = nodes;
		if (first === undefined) return null;
		if (nodes.length === 1) return isSymbol(first) ? first : `node ${first}`;
		if (nodes.length === all) return `all ${counted(all, 'node')}`;
		const where = cohortsText(holders.get(fingerprint) ?? [], nodes.length);
		return `${counted(nodes.length, 'node')}${where === '' ? '' : `, ${where}`}`;
	};
}

const MOST_COHORT_IDS = 4;

/** Empty where the cohorts are not just these nodes. */
function cohortsText(cohorts: readonly NodeCohort[], nodes: number): string {
	const [first] = cohorts;
	if (first === undefined || cohorts.reduce((sum, cohort) => sum + cohort.nodes.length, 0) !== nodes) return '';
	const ids = cohorts.map(({ id }) => id);
	return cohorts.length === 1 ? cohortName(first) : `cohorts ${firstFew(ids, MOST_COHORT_IDS)}`;
}

/** So much of a list of nodes a reader takes in. */
const MOST_RANGES = 100;

/** Which nodes a cohort has: its selector, else the nodes in short, cut where they are too many to read. */
export function cohortName({ selector, ranges }: NodeCohort): string {
	if (selector !== null || ranges.length <= MOST_RANGES) return selector ?? ranges;
	return `${ranges.slice(0, ranges.lastIndexOf(',', MOST_RANGES))}, …`;
}

/** The cohorts that have a finding, by its fingerprint. */
export function cohortsByFinding(cohorts: readonly NodeCohort[]): ReadonlyMap<string, readonly NodeCohort[]> {
	const holders = new Map<string, NodeCohort[]>();
	for (const cohort of cohorts) {
		for (const fingerprint of cohort.fingerprints) {
			const known = holders.get(fingerprint);
			if (known === undefined) holders.set(fingerprint, [cohort]);
			else known.push(cohort);
		}
	}
	return holders;
}
