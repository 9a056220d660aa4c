import type { ClusterState } from '../model/cluster-state.ts';
import { familyName, type IpFamily, socketText, specialUse } from '../model/ip.ts';
import type { FamilyView, NodeView } from '../model/node-view.ts';
import type { Packet } from '../model/packet.ts';
import type { AddressBook } from './address-book.ts';
import { type Client, familiesOf, resolveClient } from './client.ts';
import { type Destination, resolveDestination } from './destination.ts';
import type { ClientName, DestinationName, Unresolved } from './ends.ts';
import type { World } from './state.ts';

/** What is asked: what becomes of a connection between two ends. */
export interface Question {
	readonly client: ClientName;
	readonly destination: DestinationName;
	/** null asks for each that both ends have */
	readonly family: IpFamily | null;
}

/** A packet that answers the question in one family. */
export interface Flow {
	readonly client: Client;
	readonly destination: Destination;
	readonly packet: Packet;
	/** what one has to know to read the answer */
	readonly notes: readonly string[];
}

/** The packets to trace, one for each family. */
export function flowsOf(
	question: Question,
	state: ClusterState,
	view: NodeView,
	book: AddressBook,
): readonly Flow[] | Unresolved {
	const client = resolveClient(question.client, state, view, book);
	if ('unresolved' in client) return client;
	const destination = resolveDestination(question.destination, state, view);
	if ('unresolved' in destination) return destination;
	const flows = view.families
		.filter(({ family }) => question.family === null || question.family === family)
		.flatMap((family) => flowIn(family, client, destination, view.node) ?? []);
	return flows.length > 0 ? flows : { unresolved: whyNone(client, destination, question, view) };
}

function flowIn(view: FamilyView, client: Client, destination: Destination, node: string): Flow | null {
	const { family } = view;
	const saddr = client.addresses[family];
	const daddr = destination.addresses[family];
	if (saddr === null || daddr === null) return null;
	const fromNode = isOwn(view, saddr);
	const packet: Packet = {
		family,
		protocol: destination.protocol,
		saddr,
		daddr,
		dport: destination.port,
		from: fromNode ? 'node' : 'network',
		iifname: !fromNode && client.node === node ? podInterface(view) : '',
	};
	return { client, destination, packet, notes: notesOn(client, destination, packet, view, node) };
}

/** An interface by which the node's pods are known, where they are known by one. */
function podInterface({ pods }: FamilyView): string {
	return pods?.by === 'interface' ? pods.name.replace(/\*$/, '0') : '';
}

function notesOn(
	client: Client,
	{ affinitySeconds, restricted }: Destination,
	{ family, saddr, daddr, from }: Packet,
	view: FamilyView,
	node: string,
): readonly string[] {
	const notes: string[] = [];
	const who = client.name ?? saddr;
	if (client.pod !== null && client.node === null) {
		notes.push(`the input does not say on which node ${who} is; its packet is taken to come from the network`);
	}
	if (client.node !== null && client.node !== node && from === 'network') {
		notes.push(
			isOwn(view, daddr)
				? `${who} is on ${client.node}: its packet arrives here from the network`
				: `${who} is on ${client.node}, whose own rules decide first (ask with --node ${client.node}); this is what ${node} would do with the packet if it came here`,
		);
	}
	if (client.isAnybody && restricted[family]) {
		notes.push(
			`only some sources may come in here, and ${saddr} stands for all outside: ask for one with --from ip:ADDRESS`,
		);
	}
	if (affinitySeconds !== null) {
		notes.push(`this is a new client: for ${affinitySeconds} s after that it goes to the same endpoint again`);
	}
	return notes;
}

function whyNone(client: Client, destination: Destination, { family }: Question, view: NodeView): string {
	const to =
		destination.name ?? socketText(destination.addresses.ip ?? destination.addresses.ip6 ?? '', destination.port);
	const from = client.name ?? client.addresses.ip ?? client.addresses.ip6;
	const made = view.families.map((each) => familyName(each.family)).join(' and ');
	const asked = family === null ? '' : `, ${familyName(family)} was asked for`;
	return `no packet goes from ${from} to ${to}: the one has ${familiesOf(client.addresses)}, the other ${familiesOf(destination.addresses)}, the rules are for ${made}${asked}`;
}

function isOwn({ family, addresses }: FamilyView, address: string): boolean {
	return specialUse(family, address) === 'loopback' || addresses.includes(address);
}

/** What the tracer asks of the node: which addresses are its own. */
export function worldOf(view: FamilyView): World {
	return { isLocal: (address) => isOwn(view, address) };
}
