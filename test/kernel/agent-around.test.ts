import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { intake } from '../../src/intake/intake.ts';
import { NEWEST_BEHAVIOUR } from '../../src/versions/behaviour.ts';
import { documents, endpoint, node, service, slice } from '../support/objects.ts';
import { until } from './agent-run.ts';
import { agentScene } from './agent-scene.ts';
import { describeLab } from './lab.ts';

const NODES = [node(1, 'a'), node(2, 'a')];
const LOCAL = { type: 'LoadBalancer', externalTrafficPolicy: 'Local' };

function web(number: number, spec: Readonly<Record<string, unknown>> = {}) {
	return [
		service('web', ['10.96.0.20'], { spec }),
		slice('web', [endpoint({ address: `10.244.${number}.5`, node: `n${number}` })]),
	];
}

/** A port that nobody has at this moment. */
async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}

async function status(port: number, path: string): Promise<number | null> {
	const response = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => null);
	return response?.status ?? null;
}

async function text(port: number, path: string): Promise<string> {
	return (await fetch(`http://127.0.0.1:${port}${path}`)).text();
}

describeLab('nft-gen agent, what is around it', (lab) => {
	it('is healthy, ready, and measured, and says how it is', async () => {
		const { start, becomesRight } = await agentScene(lab(), [NODES, web(1)]);
		const [health, metrics] = [await freePort(), await freePort()];
		start('--healthz-bind-address', `127.0.0.1:${health}`, '--metrics-bind-address', `127.0.0.1:${metrics}`);
		await becomesRight();
		await until('it is ready', async () => (await status(health, '/readyz')) === 200);
		expect(await status(health, '/healthz')).toBe(200);
		expect(await status(health, '/livez')).toBe(200);
		const page = JSON.parse(await text(health, '/statusz?format=json'));
		expect(page).toMatchObject({ node: 'n1', services: 1, endpoints: 1, notReady: null });
		expect(page.tables[0]).toMatchObject({ family: 'IPv4', contact: 'created', servicePorts: 1 });
		expect(await text(health, '/')).toContain('<html');
		const measured = await text(metrics, '/metrics');
		for (const name of ['kubeproxy_sync_proxy_rules_duration_seconds_count', 'nftgen_transactions_total']) {
			expect(measured).toMatch(new RegExp(`^${name}.* [1-9]`, 'm'));
		}
	});

	it('faults 27: a Node that goes away takes it from load balancers, and no rule away', async () => {
		const { server, start, becomesRight, wrong } = await agentScene(lab(), [NODES, web(1)]);
		const port = await freePort();
		start('--healthz-bind-address', `127.0.0.1:${port}`, '--min-sync-period', '0');
		await becomesRight();
		await until('it is healthy', async () => (await status(port, '/healthz')) === 200);
		const [own] = NODES;
		const taint = { key: 'ToBeDeletedByClusterAutoscaler', effect: 'NoSchedule' };
		server.put({ ...own, spec: { ...(own?.spec as object), taints: [taint] } });
		await until('it is to be left', async () => (await status(port, '/healthz')) === 503);
		expect(await status(port, '/livez')).toBe(200);
		expect(await wrong()).toEqual([]);
	});

	it('answers on the healthCheckNodePort how many endpoints are here', async () => {
		const port = await freePort();
		const { server, start } = await agentScene(lab(), [NODES, web(1, { ...LOCAL, healthCheckNodePort: port })]);
		start('--min-sync-period', '0', '--nodeport-addresses', 'all');
		await until('it answers', async () => (await status(port, '/healthz')) === 200);
		expect(JSON.parse(await text(port, '/healthz'))).toMatchObject({ localEndpoints: 1 });
		server.put(...web(2, { ...LOCAL, healthCheckNodePort: port }));
		await until('none is here any more', async () => (await status(port, '/healthz')) === 503);
		server.remove(...web(2));
		await until('nobody listens any more', async () => (await status(port, '/healthz')) === null);
	});

	it('faults 1, 2: begins with the saved state while the API server is away; without one it leaves everything alone', async () => {
		const { server, start, becomesRight, wrong, clear } = await agentScene(lab(), [NODES, web(1)]);
		server.behave({ down: true });
		const lost = start();
		await until('it says that it waits', () => lost.log().some(({ level }) => level === 'warn'));
		expect(await wrong()).toEqual(['no table', 'no table']);
		lost.kill('SIGKILL');
		server.behave({ down: false });
		const first = start();
		await becomesRight();
		await until('the state is saved', () => first.hasSaved());
		first.kill('SIGTERM');
		await first.ended;
		await clear();
		server.behave({ down: true });
		start();
		await becomesRight();
	});

	it('lets a UDP client that keeps its socket reach the new endpoint when the old one has left', async () => {
		const dns = (number: number) => {
			const ports = [{ name: 'dns', protocol: 'UDP', port: 53 }];
			const backend = endpoint({ address: `10.244.${number}.5`, node: `n${number}` });
			return [service('dns', ['10.96.0.10'], { spec: { ports } }), slice('dns', [backend], { ports })];
		};
		const { server, start, becomesRight } = await agentScene(lab(), [NODES, dns(1)]);
		for (const objects of [dns(1), dns(2)]) await lab().listen(intake(documents(...objects), NEWEST_BEHAVIOUR).state);
		start('--min-sync-period', '0');
		await becomesRight();
		const ask = async () => {
			const to = { protocol: 'udp', address: '10.96.0.10', port: 53, source: '10.244.1.9' } as const;
			const answer = await lab().ask('pods', { ask: 'send-from', socket: 1, ...to, timeout: 1000 });
			return answer.kind === 'answered' ? answer.by : answer.kind;
		};
		expect(await ask()).toBe('10.244.1.5:53');
		server.put(...dns(2));
		await until('the flow was forgotten', async () => (await ask()) === '10.244.2.5:53');
	});

	it('tells the Service whose port the kernel refuses', async () => {
		const { server, start } = await agentScene(lab(), [NODES, web(1)], 'dnat to 10.244.1.5:8080');
		const agent = start('--min-sync-period', '0');
		await until('it is in quarantine', () => agent.log().some(({ servicePort }) => servicePort === 'shop/web:http'));
		await until('an Event is written', () => server.requests.some(({ verb }) => verb === 'post'));
		const event = JSON.parse(server.requests.find(({ verb }) => verb === 'post')?.body ?? '{}');
		expect(event).toMatchObject({ reason: 'ServicePortRefused', regarding: { kind: 'Service', name: 'web' } });
	});
});
