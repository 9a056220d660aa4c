import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Routes, textAnswer } from '../../src/health/answer.ts';
import { newProxyHealth } from '../../src/health/proxy-health.ts';
import { healthRoutes, metricsRoutes } from '../../src/health/routes.ts';
import { parseBindAddress } from '../../src/host/bind-address.ts';
import { openServers } from '../../src/host/health-server.ts';
import { listen } from '../../src/host/http-listener.ts';
import type { Problem } from '../../src/model/problem.ts';
import { connected, isClosed, rawAnswer, untilEnd } from '../support/raw-http.ts';

const HAS_IPV6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));

const HERE = { host: '127.0.0.1', port: 0 };

async function opened(routes: Routes, onProblem: (problem: Problem) => void = () => {}) {
	const servers = await openServers([{ what: 'health', at: HERE, routes }], onProblem);
	onTestFinished(servers.close);
	return { port: servers.ports().get('health') ?? 0, servers };
}

function probes() {
	const health = newProxyHealth({ now: () => 0, date: () => Date.UTC(2026, 2, 4, 5, 6, 7) });
	const told: string[] = [];
	const routes = healthRoutes({
		health,
		node: () => ({ metadata: {} }),
		readiness: () => ({ families: ['ip'], synced: new Set(), picture: null }),
		status: () => {
			throw new Error('the status is broken');
		},
		onProbe: (probe, status) => told.push(`${probe} ${status}`),
	});
	return { routes, told };
}

/** A port that somebody else has. */
async function taken(): Promise<{ readonly port: number; readonly free: () => Promise<void> }> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	const free = () => new Promise<void>((resolve) => server.close(() => resolve()));
	return { port: typeof address === 'object' && address !== null ? address.port : 0, free };
}

describe('the health server', () => {
	it('answers probes as kube-proxy does, byte for byte', async () => {
		const { routes, told } = probes();
		const { port } = await opened(routes);
		const body = '{"lastUpdated":"2026-03-04T05:06:07Z","currentTime":"2026-03-04T05:06:07Z","healthy":true}';
		const head =
			'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Content-Type-Options: nosniff\r\nDate: NOW\r\nContent-Length: 90\r\nConnection: close\r\n\r\n';
		expect(await rawAnswer(port, 'GET /livez HTTP/1.1')).toBe(head + body);
		expect(await rawAnswer(port, 'GET /livez?verbose HTTP/1.1')).toBe(head + body);
		expect(await rawAnswer(port, 'HEAD /livez HTTP/1.1')).toBe(head);
		expect(await rawAnswer(port, 'GET /healthz HTTP/1.0')).toMatch(/"nodeEligible":true,"healthy":true\}$/);
		expect(await rawAnswer(port, 'GET /readyz HTTP/1.1')).toContain('503 Service Unavailable');
		expect(told).toEqual(['livez 200', 'livez 200', 'livez 200', 'healthz 200', 'readyz 503']);
	});

	it('answers anything else with 404, as Go does', async () => {
		const { port } = await opened(probes().routes);
		const expected =
			'HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\nDate: NOW\r\nContent-Length: 19\r\nConnection: close\r\n\r\n404 page not found\n';
		for (const path of ['/livez/', '/metrics', '/../livez', '//livez', '*', 'http://x/livez']) {
			expect(await rawAnswer(port, `GET ${path} HTTP/1.1`), path).toBe(expected);
		}
	});

	it('takes GET and HEAD only', async () => {
		const { port } = await opened(probes().routes);
		expect(await rawAnswer(port, 'POST /livez HTTP/1.1')).toContain(
			'405 Method Not Allowed\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\nAllow: GET, HEAD',
		);
	});

	it('goes on when a page fails, and tells nobody outside why', async () => {
		const problems: Problem[] = [];
		const { port } = await opened(probes().routes, (problem) => problems.push(problem));
		const answer = await rawAnswer(port, 'GET /statusz HTTP/1.1');
		expect(answer).toContain('500 Internal Server Error');
		expect(answer).not.toContain('broken');
		expect(problems.map(({ sentence }) => sentence)).toEqual([
			'the health server failed to answer: the status is broken',
		]);
		expect(await rawAnswer(port, 'GET /livez HTTP/1.1')).toContain('200 OK');
	});

	it('keeps a connection, and says nothing of it, as Go does not', async () => {
		const { port } = await opened(probes().routes);
		const socket = await connected(port);
		onTestFinished(() => {
			socket.destroy();
		});
		const answers: string[] = [];
		for (let turn = 0; turn < 2; turn += 1) {
			const answer = new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(String(chunk))));
			socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
			answers.push(await answer);
		}
		for (const answer of answers) {
			expect(answer).toContain('200 OK');
			expect(answer).not.toMatch(/connection|keep-alive/i);
		}
	});

	it('takes no keep-alive connection, no idle one and no answer that hangs for a reason to stay', async () => {
		const hanging = new Map([['/hang', () => new Promise<never>(() => {})]]);
		const servers = await openServers([{ what: 'health', at: HERE, routes: hanging }], () => {});
		const port = servers.ports().get('health') ?? 0;
		const [silent, kept, waiting] = await Promise.all([connected(port), connected(port), connected(port)]);
		const ends = [silent, kept, waiting].map(untilEnd);
		kept.write('GET /other HTTP/1.1\r\nHost: x\r\n\r\n');
		waiting.write('GET /hang HTTP/1.1\r\nHost: x\r\n\r\n');
		await new Promise((resolve) => setTimeout(resolve, 50));
		const start = performance.now();
		await servers.close();
		await Promise.all(ends);
		expect(performance.now() - start).toBeLessThan(1_000);
		expect(await isClosed(port)).toBe(true);
	});

	it('lets an answer that is being made go out before it ends', async () => {
		const slow = async () => {
			await new Promise((resolve) => setTimeout(resolve, 100));
			return textAnswer(200, 'done\n');
		};
		const { port, servers } = await opened(new Map([['/slow', slow]]));
		const answer = rawAnswer(port, 'GET /slow HTTP/1.1');
		await new Promise((resolve) => setTimeout(resolve, 30));
		await servers.close();
		expect(await answer).toContain('done');
	});

	it('serves metrics on a port of their own, or on the same', async () => {
		const { routes } = probes();
		const metrics = metricsRoutes(async () => ({ contentType: 'text/plain; version=0.0.4', text: 'up 1\n' }));
		const free = await taken();
		await free.free();
		const at = { host: '127.0.0.1', port: free.port };
		const together = await openServers(
			[
				{ what: 'health', at, routes },
				{ what: 'metrics', at, routes: metrics },
			],
			() => {},
		);
		onTestFinished(together.close);
		expect(together.ports()).toEqual(
			new Map([
				['health', free.port],
				['metrics', free.port],
			]),
		);
		expect(await rawAnswer(free.port, 'GET /metrics HTTP/1.1')).toContain('up 1');
		expect(await rawAnswer(free.port, 'GET /livez HTTP/1.1')).toContain('200 OK');
	});

	it('says once that it cannot listen, and listens when it can', async () => {
		const other = await taken();
		const problems: Problem[] = [];
		const at = { host: '127.0.0.1', port: other.port };
		const servers = await openServers(
			[{ what: 'health', at, routes: probes().routes }],
			(each) => problems.push(each),
			20,
		);
		onTestFinished(servers.close);
		expect(servers.ports()).toEqual(new Map([['health', null]]));
		await new Promise((resolve) => setTimeout(resolve, 100));
		expect(problems.map(({ sentence }) => sentence)).toEqual([
			`the health server cannot listen at 127.0.0.1:${other.port}: the port is in use; it is tried again every few seconds`,
		]);
		await other.free();
		await expect.poll(() => servers.ports().get('health')).toBe(other.port);
		expect(await rawAnswer(other.port, 'GET /livez HTTP/1.1')).toContain('200 OK');
	});

	it.runIf(HAS_IPV6)('answers over both families at every address, as Go does', async () => {
		const at = { host: null, port: 0 };
		const servers = await openServers([{ what: 'health', at, routes: probes().routes }], () => {});
		onTestFinished(servers.close);
		const port = servers.ports().get('health') ?? 0;
		for (const host of ['127.0.0.1', '::1']) {
			expect(await rawAnswer(port, 'GET /livez HTTP/1.1', host)).toContain('200 OK');
		}
	});

	it('cuts off who is slow on purpose', async () => {
		const request = { at: HERE, handle: () => textAnswer(200, ''), onFault: () => {}, patienceMs: 100 };
		const listener = await listen(request);
		onTestFinished(listener.close);
		const [silent, slow] = await Promise.all([connected(listener.port), connected(listener.port)]);
		const start = performance.now();
		slow.write('GET / HTTP/1.1\r\nHost:');
		await Promise.all([untilEnd(silent), untilEnd(slow)]);
		expect(performance.now() - start).toBeLessThan(2_000);
	});
});

describe('an address to listen at', () => {
	it.each([
		['0.0.0.0:10256', { host: null, port: 10256 }],
		['[::]:10256', { host: null, port: 10256 }],
		[':8080', { host: null, port: 8080 }],
		['127.0.0.1:1', { host: '127.0.0.1', port: 1 }],
		['[fd00::1]:65535', { host: 'fd00::1', port: 65535 }],
		['127.0.0.1', { host: '127.0.0.1', port: 7 }],
		['::1', { host: '::1', port: 7 }],
		['', 'off'],
		['10256', null],
		['localhost:10256', null],
		['127.0.0.1:0', null],
		['127.0.0.1:65536', null],
		['[127.0.0.1:80', null],
	])('%j', (text, expected) => {
		expect(parseBindAddress(text, 7)).toEqual(expected);
	});
});
