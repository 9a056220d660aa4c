import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inNamespace } from '../measure/namespaces.ts';
import { type Script, startScript } from '../measure/script.ts';
import { podIp } from '../state/address-plan.ts';

/** The client is a pod of the node, so that nothing is masqueraded. */
export const CLIENT = podIp(0, 250);
/** What stands for everything outside the namespace. */
export const GATEWAY = '169.254.1.1';

const ROUNDS = 12;
/** The first rounds find caches cold and code not yet compiled. */
const WARM_UP = 2;

/** How often packets are sent in one turn, and to how many addresses each time. */
export interface Turn {
	readonly batches: number;
	readonly packets: number;
}

/**
 * Gives a namespace a way out to another one, which drops what comes: nobody asks for hardware addresses, so the packets are
 * not addressed to it. (A dummy device would do, but small kernels have none.)
 */
export function connectClient(namespace: string, sink: string): void {
	const ip = (command: string) => execFileSync('ip', command.split(' '), { stdio: 'pipe' });
	ip(`link add out netns ${namespace} type veth peer name in netns ${sink}`);
	ip(`-n ${sink} link set in up`);
	ip(`-n ${namespace} link set out arp off up`);
	ip(`-n ${namespace} address add ${CLIENT}/32 dev out`);
	// Without a gateway the kernel would remember a neighbour for each address, which costs more than rules do.
	ip(`-n ${namespace} route add ${GATEWAY} dev out`);
	ip(`-n ${namespace} route add default via ${GATEWAY} dev out`);
}

/**
 * Sends first packets from inside a namespace, one round of one datagram to each ClusterIP after another.
 * @returns microseconds per packet, one number for each round
 */
export async function firstPacketTimes(
	namespace: string,
	clusterIps: readonly string[],
	file: string,
): Promise<readonly number[]> {
	const sender = await startSender(namespace, clusterIps, file, { batches: ROUNDS, packets: clusterIps.length });
	try {
		return (await numbers(sender)).slice(WARM_UP);
	} finally {
		sender.end();
	}
}

/** Starts what sends first packets, one turn whenever it is asked: microseconds per packet, one number for each batch. */
export function startSender(
	namespace: string,
	addresses: readonly string[],
	file: string,
	turn: Turn,
): Promise<Script> {
	writeFileSync(file, `${addresses.join('\n')}\n`);
	const args = [file, CLIENT, '80', String(turn.batches), String(turn.packets)];
	return startScript(namespace, join('bench', 'datapath', 'send.ts'), args);
}

/** Asks a script to measure, and reads what it answers. */
export async function numbers(script: Script): Promise<readonly number[]> {
	return (await script.ask('')).split(' ').map(Number);
}

/** How many connections the namespace's kernel knows: where rules rewrite them, each packet made one. */
export function connectionCount(namespace: string): number {
	return Number(inNamespace(namespace, 'cat', '/proc/sys/net/netfilter/nf_conntrack_count'));
}
