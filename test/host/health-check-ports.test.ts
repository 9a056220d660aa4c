import { createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HealthCheck } from '../../src/health/service-health.ts';
import { newHealthCheckPorts } from '../../src/host/health-check-ports.ts';
import type { IpFamily } from '../../src/model/ip.ts';
import { connected, isClosed, rawAnswer } from '../support/raw-http.ts';

const HAS_IPV6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));

const HERE = ['127.0.0.1'];

function check(name: string, port: number, localEndpoints = 1, family: IpFamily = 'ip'): HealthCheck {
	return { namespace: 'shop', name, family, port, localEndpoints };
}

function manager() {
	const state = { healthy: true };
	const ports = newHealthCheckPorts(() => state.healthy);
	onTestFinished(ports.close);
	return { state, ports };
}

async function hold(port: number): Promise<Server> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
	return server;
}

function release(server: Server): Promise<void> {
	return new Promise((resolve) => server.close(() => resolve()));
}

/** Ports that nobody has. */
async function free<Count extends number>(count: Count): Promise<readonly number[]> {
	const servers = await Promise.all(Array.from({ length: count }, () => hold(0)));
	const ports = servers.map((server) => {
		const address = server.address();
		return typeof address === 'object' && address !== null ? address.port : 0;
	});
	await Promise.all(servers.map(release));
	return ports;
}

async function asked(port: number, host?: string): Promise<string> {
	const answer = await rawAnswer(port, 'GET /healthz HTTP/1.1', host);
	return `${/HTTP\/1.1 (\d+)/.exec(answer)?.[1]} ${/"name": "(.*)"/.exec(answer)?.[1]} ${/"localEndpoints": (\d+)/.exec(answer)?.[1]}`;
}

describe('servers on healthCheckNodePorts', () => {
	it('answer as kube-proxy does, byte for byte, to whatever they are asked', async () => {
		const { state, ports } = manager();
		const [port = 0] = await free(1);
		expect(await ports.sync('ip', [check('web', port, 12)], HERE)).toEqual([]);
		// Recorded from kube-proxy 1.37.
		const head = (status: string, length: number) =>
			`HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nX-Content-Type-Options: nosniff\r\nX-Load-Balancing-Endpoint-Weight: 12\r\nDate: NOW\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`;
		const body = (healthy: boolean) =>
			`{\n\t"service": {\n\t\t"namespace": "shop",\n\t\t"name": "web"\n\t},\n\t"localEndpoints": 12,\n\t"serviceProxyHealthy": ${healthy}\n}`;
		for (const request of ['GET /healthz', 'GET /any/path?x=1', 'POST /', 'OPTIONS *']) {
			expect(await rawAnswer(port, `${request} HTTP/1.1`)).toBe(head('200 OK', 112) + body(true));
		}
		expect(await rawAnswer(port, 'HEAD / HTTP/1.1')).toBe(head('200 OK', 112));
		state.healthy = false;
		expect(await rawAnswer(port, 'GET / HTTP/1.1')).toBe(head('503 Service Unavailable', 113) + body(false));
	});

	it('follow the endpoints on the node without being opened anew', async () => {
		const { ports } = manager();
		const [port = 0] = await free(1);
		await ports.sync('ip', [check('web', port, 1)], HERE);
		const socket = await connected(port);
		const said = () => new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(String(chunk))));
		await ports.sync('ip', [check('web', port, 0)], HERE);
		const answer = said();
		socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
		expect(await answer).toContain('503 Service Unavailable');
		socket.destroy();
		expect(await asked(port)).toBe('503 web 0');
	});

	it('open, move and close, and leave the others alone', async () => {
		const { ports } = manager();
		const [a = 0, b = 0, c = 0] = await free(3);
		await ports.sync('ip', [check('web', a), check('cart', b, 2)], HERE);
		expect(ports.open()).toBe(2);
		const kept = await connected(b);
		let closed = false;
		kept.on('close', () => {
			closed = true;
		});
		await ports.sync('ip', [check('web', c), check('cart', b, 2)], HERE);
		expect([await isClosed(a), await asked(b), await asked(c)]).toEqual([true, '200 cart 2', '200 web 1']);
		await ports.sync('ip', [check('cart', b, 2)], HERE);
		expect([await isClosed(c), await asked(b), closed]).toEqual([true, '200 cart 2', false]);
		kept.destroy();
		await ports.sync('ip', [], HERE);
		expect([await isClosed(b), ports.open()]).toEqual([true, 0]);
	});

	it('take a port over from another Service, and swap two', async () => {
		const { ports } = manager();
		const [a = 0, b = 0] = await free(2);
		await ports.sync('ip', [check('web', a), check('cart', b)], HERE);
		expect(await ports.sync('ip', [check('web', b), check('cart', a)], HERE)).toEqual([]);
		expect([await asked(a), await asked(b)]).toEqual(['200 cart 1', '200 web 1']);
		expect(await ports.sync('ip', [check('new', a), check('web', b)], HERE)).toEqual([]);
		expect(await asked(a)).toBe('200 new 1');
	});

	it('say once that a port is taken, try again at every synchronisation, and serve the others', async () => {
		const { ports } = manager();
		const [a = 0, b = 0] = await free(2);
		const other = await hold(a);
		const wanted = [check('web', a), check('cart', b)];
		const told = await ports.sync('ip', wanted, HERE);
		expect(told.map(({ problem }) => `${problem.object}: ${problem.sentence}`)).toEqual([
			`Service shop/web: its health check port cannot be opened at 127.0.0.1:${a}: the port is in use; load balancers will not send traffic for it here, and it is tried again at every synchronisation`,
		]);
		expect(await asked(b)).toBe('200 cart 1');
		expect(await ports.sync('ip', wanted, HERE)).toEqual([]);
		expect([ports.failures().length, ports.open()]).toEqual([1, 1]);
		await release(other);
		expect(await ports.sync('ip', wanted, HERE)).toEqual([]);
		expect([await asked(a), ports.failures()]).toEqual(['200 web 1', []]);
	});

	it('forget a failure with its Service', async () => {
		const { ports } = manager();
		const [a = 0] = await free(1);
		const other = await hold(a);
		onTestFinished(() => release(other));
		expect(await ports.sync('ip', [check('web', a)], HERE)).toHaveLength(1);
		await ports.sync('ip', [], HERE);
		expect(ports.failures()).toEqual([]);
		expect(await ports.sync('ip', [check('web', a)], HERE)).toHaveLength(1);
	});

	it('are opened at all addresses or at none', async () => {
		const { ports } = manager();
		const [a = 0] = await free(1);
		const other = createServer();
		await new Promise<void>((resolve) => other.listen(a, '127.0.0.2', resolve));
		onTestFinished(() => release(other));
		const [failure] = await ports.sync('ip', [check('web', a)], ['127.0.0.1', '127.0.0.2']);
		expect([failure?.address, await isClosed(a)]).toEqual([`127.0.0.2:${a}`, true]);
	});

	it('move when the addresses of the node change', async () => {
		const { ports } = manager();
		const [a = 0] = await free(1);
		await ports.sync('ip', [check('web', a)], ['127.0.0.1']);
		await ports.sync('ip', [check('web', a)], ['127.0.0.2', '127.0.0.3']);
		expect([await isClosed(a), await asked(a, '127.0.0.2'), await asked(a, '127.0.0.3')]).toEqual([
			true,
			'200 web 1',
			'200 web 1',
		]);
		await ports.sync('ip', [check('web', a)], []);
		expect(await isClosed(a, '127.0.0.2')).toBe(true);
	});

	it.runIf(HAS_IPV6)('are one for each family on the same port, each with its own endpoints', async () => {
		const { ports } = manager();
		const [a = 0] = await free(1);
		await ports.sync('ip6', [check('web', a, 0, 'ip6')], ['::']);
		expect(await isClosed(a)).toBe(true);
		await ports.sync('ip', [check('web', a, 3)], ['0.0.0.0']);
		expect([await asked(a), await asked(a, '::1'), ports.open()]).toEqual(['200 web 3', '503 web 0', 1]);
		await ports.sync('ip', [], ['0.0.0.0']);
		expect([await isClosed(a), await asked(a, '::1')]).toEqual([true, '503 web 0']);
	});

	it('end within a second, whoever is connected, and are not opened again', async () => {
		const { ports } = manager();
		const [a = 0, b = 0] = await free(2);
		await ports.sync('ip', [check('web', a), check('cart', b)], HERE);
		const sockets = await Promise.all([connected(a), connected(b)]);
		for (const socket of sockets) socket.on('error', () => {});
		const start = performance.now();
		await ports.close();
		expect(performance.now() - start).toBeLessThan(1_000);
		await ports.sync('ip', [check('web', a)], HERE);
		expect([await isClosed(a), await isClosed(b)]).toEqual([true, true]);
	});
});
