import type { ClientName, Plan } from './plan.ts';
import type { Place } from './wiring.ts';

/** Who sends in random flows: everybody of the plan, and the node by an address that is not its primary one. */
export type SenderName = ClientName | 'node’s second address';

/** Somebody who sends packets, from one address or, where it makes no difference, from one of many. */
export interface Sender {
	readonly name: string;
	readonly place: Place;
	/** addresses to send from; null leaves the choice to the kernel */
	readonly sources: readonly (string | null)[];
}

/** Addresses that no endpoint has, the same in both families. */
const NUMBERS = Array.from({ length: 150 }, (_, index) => 100 + index);

/** A sender by name. Pods and outsiders have many addresses: session affinity remembers each of them for itself. */
export function sender(plan: Plan, name: SenderName): Sender {
	if (name === 'node') return { name, place: 'node', sources: [null] };
	if (name === 'node’s second address') return { name, place: 'node', sources: [plan.secondAddress] };
	const { place, address } = plan.client(name);
	const network = address.replace(/[^.:]+$/, '');
	return { name, place, sources: NUMBERS.map((number) => `${network}${number}`) };
}

/** The sender that has an address of the address plan. */
export function senderAt(plan: Plan, address: string): Sender {
	return { name: address, place: homeOf(plan, address), sources: [address] };
}

/** Where an address lives; what nobody inside the cluster has is outside. */
export function homeOf(plan: Plan, address: string, bound: readonly string[] = []): Place {
	if (ownAddresses(plan, bound).includes(address)) return 'node';
	const isIn = (...networks: readonly string[]) => networks.some((network) => address.startsWith(network));
	if (plan.family === 'ip') {
		if (isIn('10.244.1.')) return 'pods';
		return isIn('10.244.', '192.168.10.') ? 'elsewhere' : 'outside';
	}
	if (isIn('fd00:10:244:1::')) return 'pods';
	return isIn('fd00:10:244:', 'fd00:192:168:10::') ? 'elsewhere' : 'outside';
}

/** Every address of the node that is used here, loopback included. */
export function ownAddresses(plan: Plan, bound: readonly string[]): readonly string[] {
	return [plan.node(1), plan.secondAddress, plan.loopback, ...bound];
}
