import { execFile, execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inNamespace } from '../measure/namespaces.ts';
import { podIp } from '../state/address-plan.ts';
import { PROJECT } from '../workshop.ts';

/** The client is a pod of the node, so that nothing is masqueraded. */
export const CLIENT = podIp(0, 250);
/** What stands for everything outside the namespace. */
export const GATEWAY = '169.254.1.1';

/** How often packets are sent, and to how many addresses each time. */
export interface Rounds {
	readonly rounds: number;
	readonly batch: number;
}

const ROUNDS = 12;
/** The first rounds find caches cold and code not yet compiled. */
const WARM_UP = 2;

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
 * Sends first packets from inside a namespace: nothing else being said, one round of one datagram to each ClusterIP after
 * another.
 * @returns microseconds per packet, one number for each round
 */
export async function firstPacketTimes(
	namespace: string,
	clusterIps: readonly string[],
	file: string,
	{ rounds, batch }: Rounds = { rounds: ROUNDS, batch: clusterIps.length },
): Promise<readonly number[]> {
	writeFileSync(file, `${clusterIps.join('\n')}\n`);
	const program = ['--import', 'tsx', join('bench', 'boundary', 'send.ts')];
	const sender = [...program, file, CLIENT, '80', String(rounds), String(batch)];
	const { stdout } = await promisify(execFile)('ip', ['netns', 'exec', namespace, process.execPath, ...sender], {
		cwd: PROJECT,
	});
	return stdout.trim().split('\n').slice(WARM_UP).map(Number);
}

/** How many connections the namespace's kernel knows: where rules rewrite them, each packet made one. */
export function connectionCount(namespace: string): number {
	return Number(inNamespace(namespace, 'cat', '/proc/sys/net/netfilter/nf_conntrack_count'));
}
