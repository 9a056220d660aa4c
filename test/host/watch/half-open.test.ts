import { execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { REAL_CLOCK } from '../../../src/host/watch/clock.ts';
import { plainAccess, watched } from '../../support/watched.ts';

// Takes about a minute, root and network namespaces: HALF_OPEN=1 npx vitest run test/host/watch/half-open.test.ts
const WANTED = process.env.HALF_OPEN !== undefined;

const NAMESPACE = `nftgen-half-open-${process.pid}`;
const [HERE, THERE] = ['198.18.77.1', '198.18.77.2'];
const CUT =
	'table inet cut { chain in { type filter hook input priority 0; policy drop; }; chain out { type filter hook output priority 0; policy drop; }; }';

function ip(...args: readonly string[]): void {
	execFileSync('ip', args);
}

function nft(...args: readonly string[]): void {
	ip('netns', 'exec', NAMESPACE, 'nft', ...args);
}

/** A stand-in in a namespace of its own at the other end of a cable. */
async function serverBeyondCable() {
	ip('netns', 'add', NAMESPACE);
	onTestFinished(() => ip('netns', 'delete', NAMESPACE));
	ip('link', 'add', 'nftgen-near', 'type', 'veth', 'peer', 'name', 'nftgen-far', 'netns', NAMESPACE);
	ip('address', 'add', `${HERE}/30`, 'dev', 'nftgen-near');
	ip('link', 'set', 'nftgen-near', 'up');
	ip('-n', NAMESPACE, 'address', 'add', `${THERE}/30`, 'dev', 'nftgen-far');
	ip('-n', NAMESPACE, 'link', 'set', 'nftgen-far', 'up');
	const program = ['--import', 'tsx', 'test/support/stand-in-process.ts', THERE];
	const child = spawn('ip', ['netns', 'exec', NAMESPACE, process.execPath, ...program], {
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	onTestFinished(() => void child.stdin.end());
	const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
	const { value: url } = await lines.next();
	return { url: String(url), put: (name: string) => child.stdin.write(`${name}\n`) };
}

describe.runIf(WANTED)('a peer whose packets are all dropped', () => {
	it('fault 4: is found within 45 s, and nothing is lost', { timeout: 180_000 }, async () => {
		const server = await serverBeyondCable();
		const found = watched({ access: plainAccess(server.url), clock: REAL_CLOCK });
		onTestFinished(found.stop);
		await vi.waitFor(() => expect(found.watch.stats.watching).toBe(true), { timeout: 10_000 });
		server.put('api');
		await vi.waitFor(() => expect(found.store.size).toBe(2), { timeout: 10_000 });

		nft(CUT);
		const start = performance.now();
		server.put('cart');
		await vi.waitFor(() => expect(found.troubles).not.toHaveLength(0), { timeout: 90_000 });
		const noticed = (performance.now() - start) / 1000;
		console.info(`noticed after ${noticed.toFixed(1)} s: ${found.troubles[0]?.what}`);
		expect(noticed).toBeLessThan(45);
		expect(found.store.size).toBe(2);

		nft('delete', 'table', 'inet', 'cut');
		await vi.waitFor(() => expect([...found.store.keys()]).toEqual(['shop/web', 'shop/api', 'shop/cart']), {
			timeout: 60_000,
		});
		console.info(`all there ${((performance.now() - start) / 1000).toFixed(1)} s after the cut`);
		expect(found.watch.stats.lists).toBe(1);
	});
});
