import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectClient, numbers, startSender } from '../boundary/traffic.ts';
import { restoreInto } from '../iptables/restore.ts';
import { loadInto, removeLoaded } from '../measure/load.ts';
import { inNamespace } from '../measure/namespaces.ts';
import type { Run } from '../measure/process.ts';
import type { Contestant } from '../measure/repeat.ts';
import { type Script, startScript } from '../measure/script.ts';
import { percentile } from '../measure/spread.ts';
import { LAYOUT_NAMES, type Layout, rulesetOf } from '../scale/layouts.ts';
import { plainShape } from '../state/state.ts';
import type { Workshop } from '../workshop.ts';
import { ENDPOINTS, podAddresses, serviceAddresses } from './addresses.ts';
import { connectPods, ENDPOINT_PORT, startServer } from './connections.ts';

/** The rules that packets pass, or none: then they go straight to pods. */
export interface Rules {
	readonly layout: Layout | Iptables | null;
	readonly services: number;
	/** how many Services packets go to, one after another: what caches hold depends on it */
	readonly used: number;
}

/** The rules of kube-proxy's iptables mode, and the program that loads them. */
export interface Iptables {
	readonly program: string;
}

/** Rules in a namespace, and a way to send through them. */
export interface Lane extends Contestant {
	readonly close: () => void;
}

const SERVICE_PORT = 80;

/** As many in every lane, so that the kernel remembers as many connections. */
const PACKETS = { batches: 20, packets: 100 } as const;
const CONNECTIONS = { batches: 20, connections: 25 } as const;

/** Whatever else is at work makes a batch slower, never faster: the slower ones of a turn tell of that, not of rules. */
const UNDISTURBED = 0.25;

/** What a lane is called in tables. */
export function laneName({ layout, services, used }: Rules): string {
	const [all, some] = [services, used].map((count) => count.toLocaleString('en-US'));
	if (layout === null) return `no rules, to ${some}`;
	const name = typeof layout === 'string' ? LAYOUT_NAMES[layout] : 'iptables';
	return `${name}, ${all} Services, to ${some}`;
}

/** A lane that measures the first packet of UDP connections: seconds for each. */
export async function packetLane(workshop: Workshop, rules: Rules): Promise<Lane> {
	const [node, sink] = [workshop.namespaces.add(), workshop.namespaces.add()];
	connectClient(node, sink);
	await loadRules(workshop, node, rules, 'UDP');
	const sender = await startSender(node, addresses(rules), workshop.file(`addresses-${node}`), PACKETS);
	// The first turn finds code not yet compiled.
	await numbers(sender);
	if (rules.layout !== null) assertRewritten(node, PACKETS.batches * PACKETS.packets);
	const close = () => {
		sender.end();
		closeAll(workshop, node, sink);
	};
	return { name: laneName(rules), measure: () => turn(node, sender), close };
}

/** A lane that measures TCP connections, one after another: seconds for each. */
export async function connectionLane(workshop: Workshop, rules: Rules): Promise<Lane> {
	const [node, pods] = [workshop.namespaces.add(), workshop.namespaces.add()];
	connectPods(node, pods);
	await loadRules(workshop, node, rules, 'TCP');
	const server = await startServer(pods);
	const file = workshop.file(`addresses-${node}`);
	writeFileSync(file, `${addresses(rules).join('\n')}\n`);
	const port = rules.layout === null ? ENDPOINT_PORT : SERVICE_PORT;
	const args = [file, port, CONNECTIONS.batches, CONNECTIONS.connections].map(String);
	const client = await startScript(node, join('bench', 'datapath', 'connect.ts'), args);
	await numbers(client);
	const close = () => {
		client.end();
		server.kill();
		closeAll(workshop, node, pods);
	};
	return { name: laneName(rules), measure: () => turn(node, client), close };
}

/** Every turn begins with no connection remembered: with each one that is, the next takes longer. */
async function turn(node: string, script: Script): Promise<Run> {
	inNamespace(node, 'conntrack', '-F');
	return { seconds: percentile(await numbers(script), UNDISTURBED) / 1e6, megabytes: Number.NaN };
}

async function loadRules(workshop: Workshop, node: string, rules: Rules, protocol: 'TCP' | 'UDP'): Promise<void> {
	const { layout } = rules;
	if (layout === null) return;
	const shape = { ...plainShape(rules.services, ENDPOINTS), protocol };
	workshop.say(`  loading ${laneName(rules)}, ${protocol}`);
	if (typeof layout === 'string') await loadInto(node, await rulesetOf(workshop, layout, shape));
	else await restoreInto(node, layout.program, workshop.iptablesRuleset(shape));
}

function addresses({ layout, services, used }: Rules): readonly string[] {
	return layout === null ? podAddresses(services, used) : serviceAddresses(services, used);
}

/** Packets that a Service's rule rewrote are remembered as such; that they are remembered at all would say nothing. */
function assertRewritten(node: string, packets: number): void {
	const seen = inNamespace(node, 'conntrack', '-L', '-p', 'udp', '--dst-nat').trim().split('\n').length;
	if (seen < packets / 2) throw new Error(`only ${seen} packets of ${packets} were sent on to an endpoint`);
}

function closeAll(workshop: Workshop, node: string, other: string): void {
	removeLoaded(workshop.namespaces, node);
	workshop.namespaces.remove(other);
}
