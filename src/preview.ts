import { cohorts } from './diff/cohorts.ts';
import { compare } from './diff/compare.ts';
import type { Comparison } from './diff/comparison.ts';
import { ANY_NODE } from './diff/sites.ts';
import { type LineOf, unifiedText } from './diff/unified.ts';
import { untouchedRules } from './diff/untouched.ts';
import { type FindingOptions, findings } from './findings/findings.ts';
import { type Ignore, waived } from './findings/ignores.ts';
import type { ChangeSet, FlowChange, NodeCohort, Side } from './model/change-set.ts';
import type { ClusterState } from './model/cluster-state.ts';
import type { Document } from './model/document.ts';
import type { Problem } from './model/problem.ts';
import type { NetworkSettings } from './model/settings.ts';
import { type Symbols, spoken } from './model/symbols.ts';
import { prepare } from './overlay/prepare.ts';
import { readCluster } from './pipeline.ts';

/** One side, as it was read. */
export interface PreviewSide extends Side {
	readonly documents: readonly Document[];
	/** of reading and parsing */
	readonly problems: readonly Problem[];
}

/** What is compared, and what is asked of the answer. */
export interface PreviewRequest {
	readonly base: PreviewSide;
	readonly head: PreviewSide;
	/** what was captured of the cluster; null where nothing was */
	readonly cluster: readonly Document[] | null;
	readonly network: NetworkSettings;
	readonly options: FindingOptions;
	readonly ignores: readonly Ignore[];
	/** `2026-11-21` */
	readonly today: string;
	/** writes a rule in nft's words */
	readonly lineOf: LineOf;
}

/** What changes, and what is wrong with the entries of ignored findings. */
export interface Preview {
	readonly changes: ChangeSet;
	readonly problems: readonly Problem[];
	readonly compared: Compared;
}

/** What was compared, with what stands for symbols in place of them: for those who try it out. */
export interface Compared {
	readonly before: ClusterState;
	readonly after: ClusterState;
	readonly flows: readonly FlowChange[];
	readonly symbols: Symbols;
}

/** The conductor of a preview: two sides' documents in, one change set out, of which every report is made. */
export function preview(request: PreviewRequest): Preview {
	const { network, lineOf } = request;
	const prepared = prepare(request.base.documents, request.head.documents, request.cluster);
	const base = { documents: prepared.base, ...readCluster(prepared.base, network) };
	const head = { documents: prepared.head, ...readCluster(prepared.head, network) };
	const comparison = compare(base.state, head.state, network);
	const found = findings({
		comparison,
		base,
		head,
		network,
		symbols: prepared.symbols,
		options: request.options,
	});
	const judged = waived(found, request.ignores, request.today);
	const groups = cohorts(comparison, judged.findings, [...base.state.nodes, ...head.state.nodes]);
	const [first] = groups;
	const { services, unchangedServices, count } = comparison;
	const changes: ChangeSet = {
		base: sideOf(request.base),
		head: sideOf(request.head),
		release: network.behaviour.release,
		nodes: comparison.nodes.both.length,
		services: { changed: services.length, unchanged: unchangedServices },
		endpoints: prepared.sources,
		flows: count,
		findings: judged.findings,
		cohorts: groups,
		untouchedRules: first === undefined ? 0 : untouchedRules(first, base.state, network),
		text: textOf(groups, comparison, lineOf, prepared.symbols),
		problems: {
			base: [...request.base.problems, ...base.problems],
			head: [...request.head.problems, ...head.problems],
		},
		gaps: [...prepared.gaps, ...nodeGaps(comparison, base.state, head.state)],
	};
	const compared = { before: base.state, after: head.state, flows: comparison.flows, symbols: prepared.symbols };
	return { changes, problems: judged.problems, compared };
}

function sideOf({ source, commit, digest }: PreviewSide): Side {
	return { source, commit, digest };
}

function textOf(
	groups: readonly NodeCohort[],
	comparison: Comparison,
	lineOf: LineOf,
	symbols: Symbols,
): ReadonlyMap<string, string> {
	const texts = groups.map(({ id, representative }) => [id, unifiedText(representative, comparison, lineOf)] as const);
	return new Map(texts.filter(([, text]) => text !== '').map(([id, text]) => [id, spoken(text, symbols)]));
}

function nodeGaps({ nodes }: Comparison, base: ClusterState, head: ClusterState): readonly string[] {
	if (nodes.both.length === 0) {
		return ['no Node is on both sides, so no connection is followed: lay both over the same cluster with --cluster'];
	}
	if (!nodes.both.includes(ANY_NODE)) return [];
	const without = [...(base.nodes.length === 0 ? ['base'] : []), ...(head.nodes.length === 0 ? ['head'] : [])];
	return [
		`there is no Node on the ${without.join(' and the ')} side, so rules of one imaginary node are compared, on which no endpoint is: pass --cluster FILE made by nft-gen capture`,
	];
}
