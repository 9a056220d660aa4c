import { once } from 'node:events';
import { accessSync, constants, existsSync, rmSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { type RequestOptions, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { type Certificates, makeCertificates } from './control-plane-certificates.ts';
import { etcdFlags, freePorts, type Running, serverFlags, startProgram } from './control-plane-programs.ts';

export { SERVICE_CIDRS } from './control-plane-programs.ts';

// A real kube-apiserver on a real etcd, found by the ecosystem's convention: KUBEBUILDER_ASSETS names a folder with etcd,
// kube-apiserver and kubectl. They run on loopback, know nobody's clusters and leave nothing behind.

export interface ControlPlane {
	readonly url: string;
	/** kubeconfig of somebody who may do everything */
	readonly kubeconfig: string;
	/** the authority's certificate, PEM */
	readonly ca: string;
	/** of the same somebody, PEM */
	readonly admin: { readonly cert: string; readonly key: string };
	/** a folder for files of the tests, gone with the control plane */
	readonly folder: string;
	/** writes a kubeconfig for the owner of a token and gives its path */
	readonly kubeconfigFor: (token: string) => Promise<string>;
	/** runs kubectl, as the administrator unless another kubeconfig is given; gives its output. @throws with what it says */
	readonly kubectl: (args: readonly string[], options?: KubectlOptions) => Promise<string>;
	/** one request to the API server, as the administrator or the owner of a token */
	readonly ask: (method: string, path: string, options?: AskOptions) => Promise<Reply>;
	readonly stop: () => Promise<void>;
}

export interface KubectlOptions {
	readonly input?: string;
	readonly kubeconfig?: string;
}

export interface AskOptions {
	readonly body?: unknown;
	/** another content type than JSON */
	readonly type?: string;
	readonly token?: string;
}

export interface Reply {
	readonly status: number;
	readonly text: string;
}

const PROGRAMS = ['etcd', 'kube-apiserver', 'kubectl'] as const;

export type Assets = Readonly<Record<(typeof PROGRAMS)[number], string>> & {
	/** the folder of them all */
	readonly folder: string;
};

/** Where the programs are, or what is missing, as a sentence for whoever reads the output of the tests. */
export function findAssets(folder = process.env.KUBEBUILDER_ASSETS ?? ''): Assets | string {
	if (folder === '') return 'KUBEBUILDER_ASSETS names no folder with etcd, kube-apiserver and kubectl';
	// Debian has etcd as a package, etcd-server.
	const path = (name: string) => {
		const inFolder = join(folder, name);
		return name === 'etcd' && !existsSync(inFolder) ? '/usr/bin/etcd' : inFolder;
	};
	const missing = PROGRAMS.filter((name) => !isExecutable(path(name)));
	if (missing.length > 0) return `KUBEBUILDER_ASSETS=${folder} lacks ${missing.join(', ')}`;
	return { folder, etcd: path('etcd'), 'kube-apiserver': path('kube-apiserver'), kubectl: path('kubectl') };
}

/** Whether there is a program that may be run. */
export function isExecutable(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

/** A machine that does much else takes its time. */
export const START_LIMIT_MS = 90_000;

/** Starts one; stop it when done. Its processes end with this one at the latest, however that ends. */
export async function startControlPlane(assets: Assets): Promise<ControlPlane> {
	const folder = await mkdtemp(join(tmpdir(), 'nft-gen-control-plane-'));
	const removeFolder = () => rmSync(folder, { recursive: true, force: true });
	process.once('exit', removeFolder);
	const [etcdPort, peerPort, port] = await freePorts();
	const certificates = await makeCertificates(folder);
	const etcd = startProgram(assets.etcd, etcdFlags(join(folder, 'etcd'), etcdPort, peerPort));
	const server = startProgram(assets['kube-apiserver'], serverFlags(certificates, etcdPort, port));
	const stop = async () => {
		await server.stop();
		await etcd.stop();
		process.off('exit', removeFolder);
		removeFolder();
	};
	try {
		const plane = { ...(await clients(assets, certificates, folder, `https://127.0.0.1:${port}`)), stop };
		await untilReady(plane, [etcd, server]);
		return plane;
	} catch (error) {
		await stop();
		throw error;
	}
}

type Clients = Omit<ControlPlane, 'stop'>;

async function clients(assets: Assets, certificates: Certificates, folder: string, url: string): Promise<Clients> {
	const read = (path: string) => readFile(path, 'utf8');
	const [ca, cert, key] = await Promise.all(
		[certificates.authority, certificates.admin.certificate, certificates.admin.key].map(read),
	);
	if (ca === undefined || cert === undefined || key === undefined) throw new Error('certificates are missing');
	let written = 0;
	const write = async (user: object) => {
		written += 1;
		const path = join(folder, `kubeconfig-${written}.json`);
		await writeFile(path, kubeconfigText(url, ca, user), { mode: 0o600 });
		return path;
	};
	const kubeconfig = await write({ 'client-certificate-data': base64(cert), 'client-key-data': base64(key) });
	return {
		url,
		kubeconfig,
		ca,
		admin: { cert, key },
		folder,
		kubeconfigFor: (token) => write({ token }),
		kubectl: async (args, options = {}) => {
			const env = { KUBECONFIG: options.kubeconfig ?? kubeconfig, HOME: folder };
			return (await execa(assets.kubectl, args, { env, input: options.input ?? '' })).stdout;
		},
		ask: (method, path, { token, body, type = 'application/json' } = {}) => {
			const who = token === undefined ? { cert, key } : { headers: { authorization: `Bearer ${token}` } };
			const headers = { ...who.headers, ...(body === undefined ? {} : { 'content-type': type }) };
			return exchange(`${url}${path}`, { method, ca, ...who, headers }, body);
		},
	};
}

function base64(text: string): string {
	return Buffer.from(text).toString('base64');
}

function kubeconfigText(server: string, ca: string, user: object): string {
	return JSON.stringify({
		apiVersion: 'v1',
		kind: 'Config',
		clusters: [{ name: 'tests', cluster: { server, 'certificate-authority-data': base64(ca) } }],
		users: [{ name: 'tests', user }],
		contexts: [{ name: 'tests', context: { cluster: 'tests', user: 'tests' } }],
		'current-context': 'tests',
	});
}

async function exchange(url: string, options: RequestOptions, body: unknown): Promise<Reply> {
	const text = body === undefined ? '' : JSON.stringify(body);
	// By itself Node leaves the length out for DELETE, and the body would be read as the next request.
	const headers = { ...options.headers, 'content-length': Buffer.byteLength(text) };
	const sent = request(url, { ...options, headers, timeout: 30_000 });
	sent.on('timeout', () => sent.destroy(new Error(`no answer from ${url}`)));
	sent.end(text);
	const [response] = await once(sent, 'response');
	const chunks: Buffer[] = [];
	for await (const chunk of response) chunks.push(chunk);
	return { status: response.statusCode, text: Buffer.concat(chunks).toString('utf8') };
}

async function untilReady({ ask }: Clients, programs: readonly Running[]): Promise<void> {
	const limit = performance.now() + START_LIMIT_MS;
	let last = 'nothing';
	while (performance.now() < limit) {
		for (const { ended } of programs) {
			const words = ended();
			if (words !== null) throw new Error(words);
		}
		const reply = await ask('GET', '/readyz').catch((error: Error) => ({ status: 0, text: error.message }));
		if (reply.status === 200) return;
		last = reply.text;
		await sleep(200);
	}
	throw new Error(`the API server did not get ready: ${last}`);
}
