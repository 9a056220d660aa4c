import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { GATEWAY } from '../boundary/traffic.ts';
import { connectPods, ENDPOINT_PORT } from '../datapath/connections.ts';
import { removeLoaded } from '../measure/load.ts';
import { type Script, startScript } from '../measure/script.ts';
import { clusterIp, SERVICE_NETWORK } from '../state/address-plan.ts';
import type { Workshop } from '../workshop.ts';

/** A node without rules in a namespace; all pods and the API server are in another one. */
export interface Scene {
	readonly node: string;
	/** the API server's URL, as the node reaches it */
	readonly server: string;
	/** Waits until Services all over the cluster answer. @returns when that was, by process.hrtime */
	readonly programmed: () => Promise<bigint>;
	/** Replaces one endpoint of one Service. @returns the seconds until a connection reaches it */
	readonly change: () => Promise<number>;
	readonly close: () => void;
}

const SERVICE_PORT = 80;
/** So many Services have to answer, the first and the last among them. */
const SAMPLE = 32;
const PROBE_AHEAD_MS = 50;

/** Opens one with a made-up cluster of plain Services of 5 endpoints. */
export async function openScene({ namespaces, file }: Workshop, services: number): Promise<Scene> {
	const [node, outside] = [namespaces.add(), namespaces.add()];
	const scripts: Script[] = [];
	const close = () => {
		for (const script of scripts) script.end();
		removeLoaded(namespaces, node);
		namespaces.remove(outside);
	};
	const start = async (namespace: string, name: string, ...args: readonly string[]) => {
		const script = await startScript(namespace, join('bench', 'real-kube-proxy', name), args);
		scripts.push(script);
		return script;
	};
	try {
		connectNode(node, outside);
		await start(outside, 'answer.ts', String(ENDPOINT_PORT));
		const api = await start(outside, 'api-server.ts', GATEWAY, String(services));
		const probe = await start(node, 'probe.ts', String(SERVICE_PORT));
		const sample = file(`sample-${node}`);
		writeFileSync(sample, `${sampleOf(services).join('\n')}\n`);
		return {
			node,
			server: api.greeting,
			programmed: async () => BigInt(await probe.ask(`all ${sample}`)),
			change: () => change(api, probe),
			close,
		};
	} catch (error) {
		close();
		throw error;
	}
}

function connectNode(node: string, outside: string): void {
	connectPods(node, outside);
	const ip = (command: string) => execFileSync('ip', command.split(' '), { stdio: 'pipe' });
	// For the proxies' own listeners.
	ip(`-n ${node} link set lo up`);
	// A connection that no rule leads to a pod is refused at once, and not lost, which would be noticed a second later.
	ip(`-n ${outside} route add local ${SERVICE_NETWORK} dev lo table main`);
}

/** ClusterIPs of Services evenly spread over all by name, and those with the first and the last address. */
function sampleOf(services: number): readonly string[] {
	const all = Array.from({ length: services }, (_, service) => clusterIp(service));
	const spread = Array.from({ length: SAMPLE - 2 }, (_, index) => Math.round((index * (services - 1)) / (SAMPLE - 3)));
	const byAddress = [...all].sort((a, b) => addressNumber(a) - addressNumber(b));
	return [...spread.map((service) => all[service]), byAddress[0], byAddress.at(-1)].map(String);
}

function addressNumber(address: string): number {
	return address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}

/** The probe looks for the new endpoint before it is there, so that its own start is not measured. */
async function change(api: Script, probe: Script): Promise<number> {
	const chosen = await api.ask('choose');
	const put = async () => {
		await pause(PROBE_AHEAD_MS);
		return api.ask('put');
	};
	const [reached, told] = await Promise.all([probe.ask(`reach ${chosen}`), put()]);
	return Number(BigInt(reached) - BigInt(told)) / 1e9;
}
