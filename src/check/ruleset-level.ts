import { assemble } from '../compile/assemble.ts';
import { type TableCompiler, tableCompiler } from '../compile/compile.ts';
import type { CheckDraft } from '../model/check-report.ts';
import { type ClusterState, type Service, servicePortName } from '../model/cluster-state.ts';
import { IP_FAMILIES } from '../model/ip.ts';
import { sortedBy } from '../model/order.ts';
import type { NetworkSettings } from '../model/settings.ts';
import { servicePortViews } from '../view/node-view.ts';
import type { Lint, Linted } from './lints/lint.ts';
import { lintsOf } from './lints/lints.ts';
import { type CheckChoice, failed, withHolding } from './result.ts';
import { type GroupSites, isServedIn, type Site } from './site-groups.ts';

/**
 * Lints the rules of every Service on one node of each group that it treats alike. Each Service has a table for itself: no rule
 * of a Service knows another one, and so the work grows with what differs, not with nodes times Services.
 */
export function rulesetLevel(
	state: ClusterState,
	network: NetworkSettings,
	groupSites: GroupSites,
	choice: CheckChoice,
): readonly CheckDraft[] {
	const found = new Map<string, Found>();
	const compilers = new Map<Site, TableCompiler>();
	const note = (lint: Lint, service: Service | null, nodes: readonly string[]) => {
		const key = JSON.stringify([lint.id, lint.sentence]);
		const known = found.get(key) ?? { lint, service: null, nodes: new Set<string>() };
		for (const node of nodes) known.nodes.add(node);
		found.set(key, { ...known, service: known.service ?? service });
	};
	for (const family of IP_FAMILIES) {
		for (const service of state.services.filter((each) => isServedIn(each, family))) {
			for (const { site, nodes } of groupSites([service], family, null)) {
				const compiler = compilers.get(site) ?? compilerAt(site);
				compilers.set(site, compiler);
				const linted = lintedAt(service, site, compiler, network);
				for (const lint of lintsOf(linted, choice.asked)) note(lint, lint.owner === null ? null : service, nodes);
			}
		}
	}
	return withHolding(
		'ruleset',
		[...found.values()].map((each) => resultOf(each, choice)),
		choice,
	);
}

/** A lint, whose it is, and where. */
interface Found {
	readonly lint: Lint;
	readonly service: Service | null;
	readonly nodes: Set<string>;
}

/** Without the pod networks, of which there is one for each node: a set of none is as good a set. */
function compilerAt({ node, view }: Site): TableCompiler {
	const pods = view.pods?.by === 'networks' ? { by: view.pods.by, networks: [] } : view.pods;
	return tableCompiler(node, { ...view, pods });
}

function lintedAt(
	service: Service,
	{ here }: Site,
	{ frame, compilePort }: TableCompiler,
	{ behaviour }: NetworkSettings,
): Linted {
	const servicePorts = servicePortViews(service, here, behaviour);
	return { table: assemble({ frame, ports: servicePorts.map(compilePort) }), servicePorts };
}

function resultOf({ lint, service, nodes }: Found, choice: CheckChoice): CheckDraft {
	const object = lint.owner === null ? null : `Service ${servicePortName(lint.owner)}`;
	const about = { object, sentence: lint.sentence, origin: service?.origin ?? null };
	return failed(lint.id, { ...about, nodes: sortedBy(nodes, (name) => name) }, choice);
}
