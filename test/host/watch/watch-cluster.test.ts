import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ClusterEvent, type ClusterWatchRequest, watchCluster } from '../../../src/host/watch/watch-cluster.ts';
import { kubeconfig } from '../../support/api-server.ts';
import { selfSigned } from '../../support/certificate.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { node, service, serviceCidr, slice } from '../../support/objects.ts';
import { type StandIn, startStandIn } from '../../support/stand-in-api-server.ts';
import { plainAccess, timeLapse } from '../../support/watched.ts';
import { serverWith, soon } from './scene.ts';

const OBJECTS = [service('web', ['10.96.0.20']), slice('web', []), node(1), serviceCidr('10.96.0.0/16')];

function watching(server: StandIn, about: Partial<ClusterWatchRequest> = {}) {
	const controller = new AbortController();
	const told: string[] = [];
	const tell = (event: ClusterEvent) =>
		told.push(
			event.type === 'replace'
				? `${event.resource} = ${[...event.objects.keys()].join()}`
				: `${event.resource} ${event.type} ${event.key}`,
		);
	const watch = watchCluster({
		cluster: plainAccess(server.url),
		clock: timeLapse(50),
		signal: controller.signal,
		onEvent: tell,
		onSynced: () => told.push('synced'),
		...about,
	});
	onTestFinished(async () => {
		controller.abort();
		await watch.done.catch(() => {});
	});
	return { told, watch, abort: () => controller.abort() };
}

const FIRST = ['endpointslices = shop/web-ipv4', 'nodes = n1', 'servicecidrs = kubernetes', 'services = shop/web'];

describe('watching a cluster', () => {
	it('tells all resources, once that all are there, and each change', async () => {
		const server = await serverWith(...OBJECTS);
		const { told, watch } = watching(server);
		await soon(() => expect(server.watching()).toBe(4));
		expect(told.slice(0, 4).sort()).toEqual(FIRST);
		expect(told[4]).toBe('synced');
		server.put(slice('api', []));
		server.remove(node(1));
		await soon(() => expect(told).toHaveLength(7));
		expect(told.slice(5).sort()).toEqual(['endpointslices put shop/api-ipv4', 'nodes delete n1']);
		expect(watch.stats.get('endpointslices')).toMatchObject({ held: 2, lists: 1, watches: 1, events: 1 });
	});

	it('is complete without ServiceCIDRs, and not without Nodes', async () => {
		const server = await serverWith(...OBJECTS);
		server.behave({ absent: ['servicecidrs', 'nodes'] });
		const { told } = watching(server);
		await soon(() => expect(told).toHaveLength(3));
		expect(told).toContain('servicecidrs = ');
		await soon(() => expect(server.requests.length).toBeGreaterThan(7));
		expect(told).not.toContain('synced');
		server.behave({ absent: [] });
		await soon(() => expect(told).toContain('synced'));
	});

	it('ends all watches at once, when told and when the consumer fails', async () => {
		const server = await serverWith(...OBJECTS);
		const { watch, abort } = watching(server);
		await soon(() => expect(server.watching()).toBe(4));
		abort();
		await watch.done;
		await soon(() => expect(server.watching()).toBe(0));
		const failing = watching(server, {
			onSynced: () => {
				throw new TypeError('a flaw of ours');
			},
		});
		await expect(failing.watch.done).rejects.toThrow('a flaw of ours');
		await soon(() => expect(server.watching()).toBe(0));
	});

	it('speaks TLS with the authority of a kubeconfig', async () => {
		const folder = await temporaryFolder(onTestFinished);
		const tls = selfSigned(folder);
		const server = await startStandIn({ tls });
		onTestFinished(server.close);
		server.put(...OBJECTS);
		server.behave({ token: 'secret' });
		const config = JSON.parse(kubeconfig(server.url, { token: 'secret' }));
		config.clusters[0].cluster = { server: server.url, 'certificate-authority': 'cert.pem' };
		await writeFile(join(folder, 'config'), JSON.stringify(config));
		const { told } = watching(server, { cluster: { kubeconfig: join(folder, 'config'), context: null } });
		await soon(() => expect(told).toContain('synced'));
		server.put(service('api', ['10.96.0.21']));
		await soon(() => expect(told).toContain('services put shop/api'));
	});

	it('leaves nothing behind that keeps the process alive', async () => {
		const server = await serverWith(...OBJECTS);
		const script = `
			import { watchCluster } from './src/host/watch/watch-cluster.ts';
			const options = { method: 'GET', headers: {} };
			const current = async () => ({ server: '${server.url}', options });
			const controller = new AbortController();
			const { signal } = controller;
			const watch = watchCluster({ cluster: { current, renewed: current }, signal, onEvent() {}, onSynced() {
				setTimeout(() => controller.abort(), 50);
			} });
			await watch.done;
			console.log('done', process.getActiveResourcesInfo().filter((each) => /Timeout/.test(each)).join());
		`;
		const program = ['--import', 'tsx', '--input-type=module', '--eval', script];
		const { stdout } = await promisify(execFile)(process.execPath, program, { timeout: 10_000 });
		expect(stdout).toBe('done \n');
	});
});
