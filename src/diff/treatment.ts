import { assemble } from '../compile/assemble.ts';
import { tableCompiler } from '../compile/compile.ts';
import type { Behaviour } from '../model/behaviour.ts';
import type { Treatment } from '../model/change-set.ts';
import type { Service } from '../model/cluster-state.ts';
import { hostCidr, socketText } from '../model/ip.ts';
import type { NodeView } from '../model/node-view.ts';
import { sortedBy } from '../model/order.ts';
import type { PortProgram } from '../model/program.ts';
import type { Ruleset, Table } from '../model/ruleset.ts';
import { worldOf } from '../trace/flow.ts';
import { fractionText } from '../trace/fraction.ts';
import { type Outcome, trace } from '../trace/trace.ts';
import { servicePortViews } from '../view/node-view.ts';
import type { Client } from './clients.ts';
import type { Target } from './frontends.ts';
import type { Site } from './sites.ts';

/** What one side makes of a Service on a node. */
export interface ServiceThere {
	readonly programs: readonly PortProgram[];
	/** follows a packet */
	readonly treat: (client: Client, target: Target) => Treatment;
}

/**
 * Compiles the Service as if it were the only one on the node: no other has a say in where its addresses lead. Packets are
 * followed by the tracer that is held against the kernel.
 * @param clients all that will be asked for: the pod networks are cut down to them, lest a thousand be searched each time
 * @param side which of a client's memberships in the pod networks counts, before (0) or after (1)
 */
export function serviceAt(
	{ node, here, view }: Site,
	service: Service | null,
	behaviour: Behaviour,
	clients: readonly Client[],
	side: 0 | 1,
): ServiceThere {
	const inPods = clients.filter((client) => client.pod[side]).map(({ witness }) => hostCidr(here.family, witness));
	const pods = view.pods?.by === 'networks' ? { by: view.pods.by, networks: inPods } : view.pods;
	const { frame, compilePort } = tableCompiler(node, { ...view, pods });
	const programs = service === null ? [] : servicePortViews(service, here, behaviour).map(compilePort);
	const world = worldOf(view);
	let ruleset: Ruleset | null = null;
	return {
		programs,
		treat: ({ from, witness, iifname }, { frontend: { family, protocol }, daddr, dport }) => {
			ruleset ??= rulesetOf(node, assemble({ frame, ports: programs }));
			const outcomes = trace(ruleset, { family, protocol, saddr: witness, daddr, dport, from, iifname }, world);
			return treatmentOf(outcomes, service?.affinitySeconds ?? null);
		},
	};
}

function rulesetOf({ node, zone }: NodeView, table: Table): Ruleset {
	return { kind: 'ruleset', node, zone, tables: [table] };
}

/** @throws Error when the rules do several unlike things with one packet, which they never should */
function treatmentOf(outcomes: readonly Outcome[], affinitySeconds: number | null): Treatment {
	const endpoints = outcomes.flatMap(({ fate, probability }) => {
		if (fate.kind !== 'endpoint') return [];
		const { address, port, masqueraded } = fate;
		return [{ target: socketText(address, port), share: fractionText(probability), masqueraded }];
	});
	const [first] = outcomes;
	if (first === undefined || (endpoints.length > 0 ? endpoints.length : 1) !== outcomes.length) {
		throw new Error(`a packet has ${outcomes.length} fates of which ${endpoints.length} are endpoints`);
	}
	const { kind } = first.fate;
	if (kind !== 'endpoint') return { kind, endpoints: [], affinitySeconds: null };
	return { kind: 'endpoints', endpoints: sortedBy(endpoints, ({ target }) => target), affinitySeconds };
}
