import type { Cause, ChangeSet, FailedGate, Finding, FlowChange, NodeCohort, Places } from '../model/change-set.ts';
import type { Origin, Problem, Severity } from '../model/problem.ts';
import { type DiffDocument, diffFormat } from './json-format.ts';

/** What a report is made of, as it was read back. */
export interface ReadReport {
	readonly changes: ChangeSet;
	readonly places: Places;
	readonly gates: readonly FailedGate[];
}

/**
 * Reads what `jsonReport` wrote, so that other reports can be made of it elsewhere. Whoever wrote it may have meant harm: the
 * form is checked, and what a report takes for its own words is held to what those look like. Texts stay as they are; reports
 * escape them.
 * @returns what is wrong, in one sentence, where it is no such report
 */
export function readJsonReport(text: string): ReadReport | { readonly wrong: string } {
	const value = parsed(text);
	if (value === undefined) return { wrong: 'it is no JSON' };
	if (isOfTargets(value)) return { wrong: 'it is of several targets, of which one has to be named' };
	const read = diffFormat.safeParse(value);
	if (!read.success) {
		const [issue] = read.error.issues;
		return { wrong: `it is not what "nft-gen schema diff" describes: ${issue?.path.join('.')}: ${issue?.message}` };
	}
	const wrong = whatIsForeign(read.data);
	return wrong === null ? reportOf(read.data) : { wrong };
}

function isOfTargets(value: unknown): boolean {
	return typeof value === 'object' && value !== null && 'targets' in value;
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

const FINGERPRINT = /^[0-9a-f]{12}$/;
const COHORT_ID = /^[A-Z][A-Z0-9]{0,7}$/;
const MOST_PROBLEMS = 100_000;

function whatIsForeign({ changes, cohorts, base, head }: DiffDocument): string | null {
	const fingerprints = [...changes.map(({ fingerprint }) => fingerprint), ...cohorts.flatMap((each) => each.changes)];
	if (!fingerprints.every((each) => FINGERPRINT.test(each))) return 'a fingerprint is not 12 hex digits';
	if (!cohorts.every(({ id }) => COHORT_ID.test(id))) return 'the id of a cohort is not a few capital letters';
	const counts = [base, head].flatMap(({ problems }) => [problems.error, problems.warning]);
	return counts.some((count) => count > MOST_PROBLEMS) ? 'it counts more problems than any input has' : null;
}

function reportOf(document: DiffDocument): ReadReport {
	const { base, head, inputs, summary, cohorts, gaps, gates } = document;
	const places: PlaceMap = new Map();
	const changes: ChangeSet = {
		base: sideOf(base),
		head: sideOf(head),
		release: inputs.kubernetes_version,
		nodes: inputs.nodes,
		services: summary.services,
		endpoints: inputs.endpoints,
		flows: summary.flow_classes,
		findings: document.changes.map((change) => findingOf(change, places)),
		cohorts: cohorts.map(cohortOf),
		untouchedRules: summary.untouched_rules,
		text: new Map(cohorts.filter(({ text }) => text !== '').map(({ id, text }) => [id, text])),
		problems: { base: problemsOf(base), head: problemsOf(head) },
		gaps,
	};
	return { changes, places, gates };
}

type PlaceMap = Map<Origin, { readonly line: number; readonly column: number }>;

function sideOf({ source, commit, digest }: DiffDocument['base']): ChangeSet['base'] {
	return { source, commit, digest };
}

/** The document has their counts only. */
function problemsOf({ problems }: DiffDocument['base']): readonly Problem[] {
	const unnamed = (severity: Severity): Problem => {
		return { code: 'counted', severity, origin: null, object: null, sentence: 'counted only', hint: null };
	};
	return (['error', 'warning'] as const).flatMap((severity) =>
		Array.from({ length: problems[severity] }, () => unnamed(severity)),
	);
}

function cohortOf(cohort: DiffDocument['cohorts'][number]): NodeCohort {
	return {
		id: cohort.id,
		nodes: cohort.nodes,
		ranges: cohort.node_ranges,
		selector: cohort.label_selector,
		representative: cohort.representative,
		fingerprints: cohort.changes,
		rules: cohort.rules,
	};
}

type Change = DiffDocument['changes'][number];

function findingOf(change: Change, places: PlaceMap): Finding {
	const { id, severity, fingerprint, object, sentence, before, after, nodes, flows, cause, hint, waiver } = change;
	return {
		id,
		severity,
		fingerprint,
		object,
		sentence,
		before,
		after,
		nodes,
		flows: flows.map(flowOf),
		causes: cause.map((each) => causeOf(each, places)),
		hint,
		waiver,
	};
}

function causeOf({ object, path, before, after, base, head }: Change['cause'][number], places: PlaceMap): Cause {
	return { object, path, before, after, base: originOf(base, places), head: originOf(head, places) };
}

/** Where in its file it stood is known by its line already. */
function originOf(place: Change['cause'][number]['base'], places: PlaceMap): Origin | null {
	if (place === null) return null;
	const { file, line, column } = place;
	const origin: Origin = { file, document: 0, path: [] };
	if (line !== null && column !== null) places.set(origin, { line, column });
	return origin;
}

function flowOf({ service, frontend, client, nodes, before, after }: Change['flows'][number]): FlowChange {
	const { kind, family, address, port, protocol } = frontend;
	return {
		owner: { namespace: service.namespace, service: service.name, port: service.port },
		frontend: { kind, family: family === 'ipv4' ? 'ip' : 'ip6', address, port, protocol },
		client: {
			kind: client.kind,
			allowedBefore: client.allowed_before,
			allowedAfter: client.allowed_after,
			witness: client.witness,
		},
		nodes,
		before: treatmentOf(before),
		after: treatmentOf(after),
	};
}

function treatmentOf({ kind, endpoints, affinity_seconds }: Change['flows'][number]['before']): FlowChange['before'] {
	return { kind, endpoints, affinitySeconds: affinity_seconds };
}
