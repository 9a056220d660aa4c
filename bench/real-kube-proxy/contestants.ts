import { accessSync, constants, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubeconfig } from '../../test/support/api-server.ts';
import { POD_NETWORK } from '../state/address-plan.ts';
import { NODE, type Workshop } from '../workshop.ts';

/** A program that keeps a node's rules, and how it is started. */
export interface Contestant {
	readonly name: string;
	/** @param server the URL of the API server @returns the program with its arguments */
	readonly command: (server: string) => readonly string[];
}

/** The agent, set as kube-proxy is: it reads its tables back for a comparison as rarely, which is every hour. */
export function agentContestant(workshop: Workshop): Contestant {
	return {
		name: 'nft-gen agent',
		command: (server) => {
			const folder = mkdtempSync(workshop.file('agent-'));
			const files = ['--kubeconfig', kubeconfigFile(folder, server), '--state-dir', join(folder, 'state')];
			const periods = ['--min-sync-period', '0', '--verify-period', '3600s'];
			const network = ['--cluster-cidr', POD_NETWORK];
			return [process.execPath, workshop.program, 'agent', '--node', NODE, ...files, ...periods, ...network];
		},
	};
}

/** The real kube-proxy. @param program its path @throws Error when it cannot be run */
export function kubeProxyContestant(workshop: Workshop, program: string): Contestant {
	try {
		accessSync(program, constants.X_OK);
	} catch {
		throw new Error(`KUBE_PROXY=${program} names no program that can be run`);
	}
	return {
		name: 'kube-proxy',
		command: (server) => {
			const folder = mkdtempSync(workshop.file('kube-proxy-'));
			const file = join(folder, 'config.json');
			writeFileSync(file, JSON.stringify(configuration(kubeconfigFile(folder, server))));
			return [program, '--config', file];
		},
	};
}

/** A KubeProxyConfiguration (kubeproxy.config.k8s.io/v1alpha1): nothing but what has to be said here. */
function configuration(kubeconfigPath: string): Readonly<Record<string, unknown>> {
	const json = 'application/json';
	return {
		apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
		kind: 'KubeProxyConfiguration',
		mode: 'nftables',
		hostnameOverride: NODE,
		clusterCIDR: POD_NETWORK,
		detectLocalMode: 'ClusterCIDR',
		nodePortAddresses: ['primary'],
		// A period of 0 counts as not given, which is 1 s.
		nftables: { minSyncPeriod: '1ms', syncPeriod: '30s' },
		// The stand-in has no other encoding, and answers in pages, which the usual 5 requests per second would hold up.
		clientConnection: {
			kubeconfig: kubeconfigPath,
			contentType: json,
			acceptContentTypes: json,
			qps: 1000,
			burst: 1000,
		},
		// What is the machine's stays as it is: the size of the connection table, and whom the kernel ends when memory is short.
		conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
		oomScoreAdj: 0,
	};
}

function kubeconfigFile(folder: string, server: string): string {
	const file = join(folder, 'kubeconfig');
	writeFileSync(file, kubeconfig(server));
	return file;
}
