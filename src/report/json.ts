import type {
	Cause,
	ChangeSet,
	FailedGate,
	Finding,
	FlowChange,
	NodeCohort,
	Places,
	Treatment,
} from '../model/change-set.ts';
import type { IpFamily } from '../model/ip.ts';
import type { Origin, Problem } from '../model/problem.ts';
import { waived, withSeverity } from './counts.ts';
import type { DiffDocument } from './json-format.ts';
import { cohortsByFinding } from './words.ts';

/**
 * What changes, for programs, in the form of `schema/diff-1.0.schema.json`. Every field is always there, null where it has no
 * value; equal change sets give equal bytes.
 */
export function jsonReport(
	changes: ChangeSet,
	places: Places,
	gates: readonly FailedGate[],
	toolVersion: string,
): string {
	const { gaps, cohorts, findings } = changes;
	const holders = cohortsByFinding(cohorts);
	const document: DiffDocument = {
		format_version: '1.0',
		tool_version: toolVersion,
		complete: gaps.length === 0,
		base: sideJson(changes, 'base'),
		head: sideJson(changes, 'head'),
		inputs: inputsJson(changes),
		summary: summaryJson(changes),
		cohorts: cohorts.map((each) => cohortJson(each, changes.text.get(each.id) ?? '')),
		changes: findings.map((finding) => changeJson(finding, holders.get(finding.fingerprint) ?? [], places)),
		gates: gates.map(({ gate, sentence }) => ({ gate, sentence })),
		gaps: [...gaps],
	};
	return `${JSON.stringify(document, null, 2)}\n`;
}

function sideJson(changes: ChangeSet, which: 'base' | 'head'): DiffDocument['base'] {
	const { source, commit, digest } = changes[which];
	const problems = changes.problems[which];
	const count = (severity: Problem['severity']) => problems.filter((each) => each.severity === severity).length;
	return { source, commit, digest, problems: { error: count('error'), warning: count('warning') } };
}

function inputsJson({ release, nodes, services, endpoints }: ChangeSet): DiffDocument['inputs'] {
	const { manifests, captured, recomputed, unknown } = endpoints;
	return {
		kubernetes_version: release,
		nodes,
		services: services.changed + services.unchanged,
		endpoints: { manifests, captured, recomputed, unknown },
	};
}

function summaryJson({ findings, services, flows, untouchedRules }: ChangeSet): DiffDocument['summary'] {
	return {
		error: withSeverity(findings, 'error').length,
		warn: withSeverity(findings, 'warn').length,
		info: withSeverity(findings, 'info').length,
		waived: waived(findings).length,
		services: { changed: services.changed, unchanged: services.unchanged },
		flow_classes: { total: flows.total, changed: flows.changed },
		untouched_rules: untouchedRules,
	};
}

function cohortJson(cohort: NodeCohort, text: string): DiffDocument['cohorts'][number] {
	return {
		id: cohort.id,
		node_count: cohort.nodes.length,
		nodes: [...cohort.nodes],
		node_ranges: cohort.ranges,
		label_selector: cohort.selector,
		representative: cohort.representative,
		changes: [...cohort.fingerprints],
		rules: { added: cohort.rules.added, removed: cohort.rules.removed },
		text,
	};
}

type Change = DiffDocument['changes'][number];

function changeJson(finding: Finding, cohorts: readonly NodeCohort[], places: Places): Change {
	const { fingerprint, id, severity, object, sentence, before, after, nodes, hint, waiver, flows } = finding;
	return {
		fingerprint,
		id,
		severity,
		object: { kind: object.kind, namespace: object.namespace, name: object.name, port: object.port },
		sentence,
		before,
		after,
		nodes: [...nodes],
		cohorts: cohorts.map((cohort) => cohort.id),
		witness: witnessJson(flows[0]),
		cause: finding.causes.map((cause) => causeJson(cause, places)),
		hint,
		waiver: waiver === null ? null : { reason: waiver.reason, until: waiver.until },
		flows: flows.map(flowJson),
	};
}

function witnessJson(flow: FlowChange | undefined): Change['witness'] {
	if (flow === undefined) return null;
	const { nodes, client, frontend } = flow;
	const { address: destination, port, protocol } = frontend;
	return { node: nodes[0] ?? '', source: client.witness, destination, port, protocol };
}

function causeJson({ object, path, before, after, base, head }: Cause, places: Places): Change['cause'][number] {
	return { object, path, before, after, base: placeJson(base, places), head: placeJson(head, places) };
}

function placeJson(origin: Origin | null, places: Places): Change['cause'][number]['base'] {
	if (origin === null) return null;
	const { line, column } = places.get(origin) ?? { line: null, column: null };
	return { file: origin.file, line, column };
}

function flowJson({ owner, frontend, client, nodes, before, after }: FlowChange): Change['flows'][number] {
	const { kind, family, address, port, protocol } = frontend;
	return {
		service: { namespace: owner.namespace, name: owner.service, port: owner.port },
		frontend: { kind, family: familyWord(family), address, port, protocol },
		client: {
			kind: client.kind,
			allowed_before: client.allowedBefore,
			allowed_after: client.allowedAfter,
			witness: client.witness,
		},
		nodes: [...nodes],
		before: treatmentJson(before),
		after: treatmentJson(after),
	};
}

function treatmentJson({ kind, endpoints, affinitySeconds }: Treatment): Change['flows'][number]['before'] {
	return {
		kind,
		endpoints: endpoints.map(({ target, share, masqueraded }) => ({ target, share, masqueraded })),
		affinity_seconds: affinitySeconds,
	};
}

function familyWord(family: IpFamily): 'ipv4' | 'ipv6' {
	return family === 'ip' ? 'ipv4' : 'ipv6';
}
