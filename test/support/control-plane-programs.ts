import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { execa } from 'execa';
import type { Certificates } from './control-plane-certificates.ts';

// The programs of a control plane: what they are told, and how they end.

/** Service networks of the cluster, as the tests' address plan has them. */
export const SERVICE_CIDRS = '10.96.0.0/16,fd00:10:96::/112';

export function etcdFlags(data: string, port: number, peerPort: number): readonly string[] {
	const client = `http://127.0.0.1:${port}`;
	const peer = `http://127.0.0.1:${peerPort}`;
	return [
		`--data-dir=${data}`,
		`--listen-client-urls=${client}`,
		`--advertise-client-urls=${client}`,
		`--listen-peer-urls=${peer}`,
		`--initial-advertise-peer-urls=${peer}`,
		`--initial-cluster=default=${peer}`,
		'--unsafe-no-fsync',
	];
}

/** Features stay as they are by default; so do admission and RBAC, which are what the tests are about. */
export function serverFlags(certificates: Certificates, etcdPort: number, port: number): readonly string[] {
	return [
		`--etcd-servers=http://127.0.0.1:${etcdPort}`,
		'--bind-address=127.0.0.1',
		'--advertise-address=127.0.0.1',
		`--secure-port=${port}`,
		// Endpoints on loopback are invalid: the Service `kubernetes` gets none.
		'--endpoint-reconciler-type=none',
		`--service-cluster-ip-range=${SERVICE_CIDRS}`,
		'--authorization-mode=Node,RBAC',
		`--client-ca-file=${certificates.authority}`,
		`--tls-cert-file=${certificates.server.certificate}`,
		`--tls-private-key-file=${certificates.server.key}`,
		'--service-account-issuer=https://kubernetes.default.svc',
		`--service-account-key-file=${certificates.accounts.certificate}`,
		`--service-account-signing-key-file=${certificates.accounts.key}`,
	];
}

/** One controller, and nothing that would need a second one, a cloud or a port. */
export function controllerFlags(kubeconfig: string): readonly string[] {
	return [
		`--kubeconfig=${kubeconfig}`,
		'--controllers=endpointslice-controller',
		'--leader-elect=false',
		'--bind-address=127.0.0.1',
		'--secure-port=0',
		// So few that Services of tests have several slices.
		'--max-endpoints-per-slice=4',
		'--kube-api-qps=1000',
		'--kube-api-burst=1000',
	];
}

/** Three ports of loopback on which nobody listens. */
export async function freePorts(): Promise<readonly [number, number, number]> {
	const listening = await Promise.all(
		[0, 1, 2].map(async () => {
			const server = createServer().listen(0, '127.0.0.1');
			await once(server, 'listening');
			return server;
		}),
	);
	const ports = listening.map((server) => {
		const address = server.address();
		return address !== null && typeof address === 'object' ? address.port : 0;
	});
	await Promise.all(listening.map((server) => once(server.close(), 'close')));
	return [ports[0] ?? 0, ports[1] ?? 0, ports[2] ?? 0];
}

/** A program that was started. */
export interface Running {
	/** what it said last, once it has ended; else null */
	readonly ended: () => string | null;
	readonly stop: () => Promise<void>;
}

/** A parent that is killed can kill nobody: on Linux the kernel does it. */
const WITH_PARENT = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--'] : [];

/** Starts one that ends with this process at the latest. */
export function startProgram(path: string, flags: readonly string[]): Running {
	const [command = path, ...args] = [...WITH_PARENT, path, ...flags];
	let said = '';
	let over = false;
	const child = execa(command, args, { reject: false, stdin: 'ignore', buffer: false, forceKillAfterDelay: 10_000 });
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text: string) => {
			said = (said + text).slice(-4000);
		});
	}
	const end = child.then(() => {
		over = true;
	});
	return {
		ended: () => (over ? `${path} ended: ${said}` : null),
		stop: async () => {
			child.kill('SIGTERM');
			await end;
		},
	};
}
