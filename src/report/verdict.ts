import type { ChangeSet, Side } from '../model/change-set.ts';
import type { Problem } from '../model/problem.ts';
import { counted, thousands } from './counts.ts';

/** Whether nothing at all differs. */
export function isUnchanged({ findings, flows, cohorts }: ChangeSet): boolean {
	return findings.length === 0 && flows.changed === 0 && !rulesChange(cohorts);
}

/** Whether rules come or leave on any node. */
export function rulesChange(cohorts: ChangeSet['cohorts']): boolean {
	return cohorts.some(({ rules }) => rules.added + rules.removed > 0);
}

/** How much of all connections changes, with the rest that is proven to stay as it is. */
export function flowVerdict(changes: ChangeSet): string {
	const { total, changed } = changes.flows;
	const all = counted(total, 'flow class', 'flow classes');
	if (isUnchanged(changes)) return `nothing changes: 0 of ${all}, no rule, on ${counted(changes.nodes, 'node')}`;
	if (changed === 0) return `${rulesChange(changes.cohorts) ? 'rules changed, ' : ''}0 of ${all} changed`;
	const same = total - changed;
	return `${thousands(changed)} of ${all} ${changed === 1 ? 'changes' : 'change'}, the other ${thousands(same)} ${same === 1 ? 'is' : 'are'} identical`;
}

/** How big the comparison is: `200 nodes; Services: 6 of 1,284 differ`. */
export function sizeText({ nodes, services: { changed, unchanged } }: ChangeSet): string {
	const services = `${thousands(changed)} of ${thousands(changed + unchanged)} ${changed === 1 ? 'differs' : 'differ'}`;
	return `${counted(nodes, 'node')}; Services: ${services}`;
}

/** Where the endpoints come from; empty where there is no service port. */
export function endpointsText({ endpoints }: ChangeSet): string {
	const sources = [
		[endpoints.captured, 'captured'],
		[endpoints.manifests, 'from the manifests'],
		[endpoints.recomputed, 'computed from Pods'],
		[endpoints.unknown, 'unknown'],
	] as const;
	const named = sources.filter(([count]) => count > 0).map(([count, how]) => `${thousands(count)} ${how}`);
	return named.length === 0 ? '' : `endpoints of service ports: ${named.join(', ')}`;
}

/** A side with its commit in short: `git:main:deploy (4c1f9e2)`. */
export function sideText({ source, commit }: Side): string {
	return commit === null ? source : `${source} (${commit.slice(0, 7)})`;
}

/** What was wrong with the input, as counts: `input of base: 1 error, 2 warnings`; one sentence for each such side. */
export function problemTexts({ problems }: ChangeSet): readonly string[] {
	return (['base', 'head'] as const)
		.filter((side) => problems[side].length > 0)
		.map((side) => `input of ${side}: ${problemCounts(problems[side])}`);
}

function problemCounts(problems: readonly Problem[]): string {
	return (['error', 'warning'] as const)
		.map((severity) => [problems.filter((each) => each.severity === severity).length, severity] as const)
		.filter(([count]) => count > 0)
		.map(([count, severity]) => counted(count, severity))
		.join(', ');
}
