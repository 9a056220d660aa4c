import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { CLIENT, GATEWAY } from '../boundary/traffic.ts';
import { POD_NETWORK } from '../state/address-plan.ts';
import { PROJECT } from '../workshop.ts';

/** The port that endpoints of the made-up cluster have. */
export const ENDPOINT_PORT = 8080;

/** Joins a node's namespace with one that has the addresses of all pods. */
export function connectPods(node: string, pods: string): void {
	const ip = (command: string) => execFileSync('ip', command.split(' '), { stdio: 'pipe' });
	ip(`link add out netns ${node} type veth peer name in netns ${pods}`);
	ip(`-n ${node} link set out up`);
	ip(`-n ${node} address add ${CLIENT}/32 dev out`);
	// One neighbour for all pods: looking each up would cost more than the rules.
	ip(`-n ${node} route add ${GATEWAY} dev out`);
	ip(`-n ${node} route add default via ${GATEWAY} dev out`);
	ip(`-n ${pods} link set lo up`);
	ip(`-n ${pods} link set in up`);
	ip(`-n ${pods} address add ${GATEWAY}/32 dev in`);
	ip(`-n ${pods} route add ${CLIENT} dev in`);
	// In the main table, where the client's own route is the more exact one.
	ip(`-n ${pods} route add local ${POD_NETWORK} dev lo table main`);
}

/** Starts a server that answers for every pod, and waits until it does. @throws Error when it ends first */
export async function startServer(pods: string): Promise<ChildProcess> {
	const program = ['--import', 'tsx', join('bench', 'datapath', 'serve.ts'), String(ENDPOINT_PORT)];
	const args = ['netns', 'exec', pods, process.execPath, ...program];
	const server = spawn('ip', args, { cwd: PROJECT, stdio: ['ignore', 'pipe', 'inherit'] });
	const ended = once(server, 'exit').then(() => {
		throw new Error('the server of the data path ended');
	});
	await Promise.race([once(server.stdout, 'data'), ended]);
	ended.catch(() => {});
	return server;
}
