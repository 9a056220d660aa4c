import { connectClient, connectionCount, firstPacketTimes } from '../boundary/traffic.ts';
import { loadInto, removeLoaded } from '../measure/load.ts';
import type { Contestant } from '../measure/repeat.ts';
import { spreadOf } from '../measure/spread.ts';
import { LAYOUT_NAMES, type Layout, rulesetOf } from '../scale/layouts.ts';
import { clusterIp, nodeCount, podIp } from '../state/address-plan.ts';
import { plainShape } from '../state/state.ts';
import type { Workshop } from '../workshop.ts';
import { connectionTime, connectPods, ENDPOINT_PORT, startServer } from './connections.ts';

/** The rules that packets pass, or none: then they go straight to pods. */
export interface Rules {
	readonly layout: Layout | null;
	readonly services: number;
	/** how many Services packets go to, one after another: what caches hold depends on it */
	readonly used: number;
}

/** Rules in a namespace, and a way to send through them. */
export interface Lane extends Contestant {
	readonly close: () => void;
}

const ENDPOINTS = 2;
const SERVICE_PORT = 80;

/** As many in every lane, so that the kernel remembers as many connections. */
const PACKETS = { rounds: 100, batch: 100 } as const;
const CONNECTIONS = 5_000;

/** What a lane is called in tables. */
export function laneName({ layout, services, used }: Rules): string {
	const [all, some] = [services, used].map((count) => count.toLocaleString('en-US'));
	return layout === null ? `no rules, to ${some}` : `${LAYOUT_NAMES[layout]}, ${all} Services, to ${some}`;
}

/** A lane that measures the first packet of UDP connections: seconds for each. */
export async function packetLane(workshop: Workshop, rules: Rules): Promise<Lane> {
	const [node, sink] = [workshop.namespaces.add(), workshop.namespaces.add()];
	connectClient(node, sink);
	await loadRules(workshop, node, rules, 'UDP');
	const file = workshop.file(`addresses-${node}`);
	const measure = async () => {
		const times = await firstPacketTimes(node, addresses(rules), file, PACKETS);
		if (rules.layout !== null) assertSeen(node, PACKETS.rounds * PACKETS.batch);
		return { seconds: spreadOf(times).median / 1e6, megabytes: Number.NaN };
	};
	return { name: laneName(rules), measure, close: () => closeAll(workshop, node, sink) };
}

/** A lane that measures TCP connections: seconds for each, with several under way at once. */
export async function connectionLane(workshop: Workshop, rules: Rules): Promise<Lane> {
	const [node, pods] = [workshop.namespaces.add(), workshop.namespaces.add()];
	connectPods(node, pods);
	await loadRules(workshop, node, rules, 'TCP');
	const server = await startServer(pods);
	const file = workshop.file(`addresses-${node}`);
	const port = rules.layout === null ? ENDPOINT_PORT : SERVICE_PORT;
	const measure = async () => {
		const seconds = await connectionTime(node, addresses(rules), port, CONNECTIONS, file);
		return { seconds, megabytes: Number.NaN };
	};
	const close = () => {
		server.kill();
		closeAll(workshop, node, pods);
	};
	return { name: laneName(rules), measure, close };
}

async function loadRules(workshop: Workshop, node: string, rules: Rules, protocol: 'TCP' | 'UDP'): Promise<void> {
	const { layout } = rules;
	if (layout === null) return;
	const shape = { ...plainShape(rules.services, ENDPOINTS), protocol };
	workshop.say(`  loading ${laneName(rules)}, ${protocol}`);
	await loadInto(node, await rulesetOf(workshop, layout, shape));
}

/** ClusterIPs evenly spread over all; without rules a pod of each of these Services. */
function addresses({ layout, services, used }: Rules): readonly string[] {
	const nodes = nodeCount(services * ENDPOINTS);
	return Array.from({ length: used }, (_, index) => {
		const service = Math.floor((index * services) / used);
		return layout === null ? podIp(service % nodes, Math.floor(service / nodes)) : clusterIp(service);
	});
}

/** Where rules rewrite packets, the kernel remembers each: else they went nowhere. */
function assertSeen(node: string, packets: number): void {
	const seen = connectionCount(node);
	if (seen < packets / 2) throw new Error(`only ${seen} connections of ${packets}: the packets did not go out`);
}

function closeAll(workshop: Workshop, node: string, other: string): void {
	removeLoaded(workshop.namespaces, node);
	workshop.namespaces.remove(other);
}
