import type { FlowChange } from '../model/change-set.ts';
import { type ServicePortId, servicePortName } from '../model/cluster-state.ts';
import type { IpFamily } from '../model/ip.ts';
import { compareBytes, sortedBy } from '../model/order.ts';
import { classOf } from './clients.ts';
import type { Comparison, ProgramChange } from './comparison.ts';
import { keyOf } from './frontends.ts';
import type { Group } from './groups.ts';
import type { ChangedFlow, ServiceDiff } from './service-diff.ts';

/** Gathers what changes, and says once what many nodes have in common. */
export class Collection {
	readonly #flows = new Map<string, FlowChange & { readonly nodes: string[] }>();
	readonly #programs: ProgramChange[] = [];
	#total = 0;
	#changed = 0;

	/** Adds flows that are known to be as they were. */
	addUnchanged(flows: number): void {
		this.#total += flows;
	}

	/** Adds what changes of a Service on each node of a group. */
	add(family: IpFamily, group: Group, { total, flows, programs }: ServiceDiff): void {
		this.#total += total * group.length;
		this.#changed += flows.length * group.length;
		if (flows.length === 0 && programs.length === 0) return;
		const nodes = sortedBy(
			group.map((site) => site.name),
			(name) => name,
		);
		for (const flow of flows) this.#addFlow(flow, nodes);
		for (const { before, after } of programs) {
			const owner = after?.owner ?? before?.owner;
			if (owner !== undefined) this.#programs.push({ owner, family, nodes, before, after });
		}
	}

	/** Everything so far, sorted. */
	result(): Pick<Comparison, 'flows' | 'count' | 'programs'> {
		const flows = [...this.#flows.entries()].map(([key, flow]) => ({
			key,
			flow: { ...flow, nodes: flow.nodes.sort() },
		}));
		return {
			flows: flows.sort((a, b) => compareBytes(a.key, b.key)).map(({ flow }) => flow),
			count: { total: this.#total, changed: this.#changed },
			programs: sortedBy(this.#programs, ({ owner, family, nodes }) => [ownerKey(owner), family, nodes[0]].join('\0')),
		};
	}

	#addFlow({ client, target, before, after }: ChangedFlow, nodes: readonly string[]): void {
		const { kind, allowedBefore, allowedAfter, witness, pod } = client;
		// Nodes have addresses of their own, yet are one kind of client.
		const who = [kind, allowedBefore, allowedAfter, pod, kind === 'node' ? '' : witness];
		const where = [ownerKey(target.owner), keyOf(target.frontend)];
		const key = JSON.stringify([...where, ...who, before, after]);
		const known = this.#flows.get(key);
		if (known !== undefined) {
			known.nodes.push(...nodes);
			return;
		}
		const { owner, frontend } = target;
		this.#flows.set(key, { owner, frontend, client: classOf(client), nodes: [...nodes], before, after });
	}
}

function ownerKey(owner: ServicePortId): string {
	return servicePortName(owner);
}
