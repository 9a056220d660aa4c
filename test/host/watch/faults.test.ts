import { describe, expect, it, onTestFinished } from 'vitest';
import { refusal, startApiServer } from '../../support/api-server.ts';
import { service } from '../../support/objects.ts';
import type { StandIn } from '../../support/stand-in-api-server.ts';
import { plainAccess, timeLapse } from '../../support/watched.ts';
import { fromVersion, holds, serverWith, soon, verbs, watching } from './scene.ts';

const WEB = service('web', ['10.96.0.20']);
const API = service('api', ['10.96.0.21']);
const CART = service('cart', ['10.96.0.22']);

/** Services enough for two pages. */
function manyServices(count: number) {
	return Array.from({ length: count }, (_, index) => service(`s${index}`, [`10.96.${index >> 8}.${index & 255}`]));
}

/** The spec of a Service with another ClusterIP. */
function moved(name: string, address: string) {
	return service(name, [address]);
}

function addressOf(object: unknown): unknown {
	return (object as { readonly spec: { readonly clusterIP: unknown } } | undefined)?.spec.clusterIP;
}

function gap(server: StandIn, index: number): number {
	return (server.requests[index + 1]?.at ?? Number.NaN) - (server.requests[index]?.at ?? Number.NaN);
}

describe('an API server that is away', () => {
	it('fault 1: at the start: nothing is said of objects, and it is asked again with growing waits', async () => {
		const server = await serverWith(WEB);
		server.behave({ down: true });
		const found = watching(server);
		await soon(() => expect(found.troubles.length).toBeGreaterThan(3));
		expect(found.events).toEqual([]);
		expect(found.watch.stats).toMatchObject({ synced: false, lastContact: null });
		expect(found.troubles.slice(0, 3).map(({ retryInMs }) => retryInMs)).toEqual([400, 800, 1600]);
		expect(found.troubles[0]).toMatchObject({ resource: 'services', reason: 'unreachable' });
		expect(found.troubles[0]?.what).toMatch(/^the API server at http:\/\/127\.0\.0\.1:\d+ cannot be reached: /);
		server.behave({ down: false });
		await holds(found, 'shop/web');
	});

	it('fault 3: for an hour in steady state: nothing changes, only the last contact lies further back', async () => {
		const clock = timeLapse(5000);
		const server = await serverWith(WEB, API);
		const found = watching(server, { clock });
		await holds(found, 'shop/api', 'shop/web');
		await soon(() => expect(server.watching()).toBe(1));
		server.behave({ down: true });
		const start = clock.now();
		await soon(() => expect(clock.now() - start).toBeGreaterThan(3_600_000));
		expect(found.events).toHaveLength(1);
		expect(found.store.size).toBe(2);
		expect(clock.now() - (found.watch.stats.lastContact ?? 0)).toBeGreaterThan(3_500_000);
		expect(found.watch.stats.watching).toBe(false);
		expect(found.troubles.length).toBeGreaterThan(20);
		expect(found.troubles.every(({ retryInMs }) => retryInMs <= 30_000)).toBe(true);
		server.put(CART);
		server.behave({ down: false });
		await holds(found, 'shop/api', 'shop/cart', 'shop/web');
		expect(found.watch.stats.lists).toBe(1);
	});

	it('fault 15: what was deleted in the meantime and never said so is gone with the next list', async () => {
		const server = await serverWith(WEB, API, CART);
		const found = watching(server);
		await holds(found, 'shop/api', 'shop/cart', 'shop/web');
		server.behave({ down: true });
		server.remove(API);
		server.compact();
		server.behave({ down: false });
		await holds(found, 'shop/cart', 'shop/web');
		expect(found.events.map(({ type }) => type)).toEqual(['replace', 'replace']);
		expect(found.least()).toBe(2);
	});
});

describe('a watch that ends', () => {
	it('fault 5: closed every second: few requests, no list', async () => {
		let seed = 1;
		const random = () => {
			seed = (seed * 48_271) % 2_147_483_647;
			return seed / 2_147_483_647;
		};
		const server = await serverWith(WEB);
		server.behave({ watchMs: 1000 / 60 });
		const found = watching(server, { clock: timeLapse(60, random) });
		await new Promise((resolve) => setTimeout(resolve, 3 * (60_000 / 60)));
		expect(server.requests.filter(({ verb }) => verb === 'list')).toHaveLength(1);
		const first = server.requests[0]?.at ?? 0;
		const inFirstMinute = server.requests.filter(({ at }) => at - first < 60_000 / 60);
		expect(inFirstMinute.length).toBeLessThanOrEqual(12);
		expect(server.requests.length).toBeLessThanOrEqual(3 * 12);
		expect(found.watch.stats.closes).toBeGreaterThan(5);
		expect(found.troubles).toEqual([]);
	});

	it('cut every minute by a proxy goes on at once, from where it was', async () => {
		const server = await serverWith(WEB);
		server.behave({ watchMs: 60_000 / 200 });
		const found = watching(server, { clock: timeLapse(200) });
		await soon(() => expect(server.requests.length).toBe(5));
		for (const index of [1, 2, 3]) expect(gap(server, index)).toBeLessThan(60_000 / 200 + 150);
		expect(found.watch.stats.lists).toBe(1);
	});

	it('asks for bookmarks and for an end after 5 to 10 minutes', async () => {
		const server = await serverWith(WEB);
		const times = [0, 0.5, 0.9999];
		watching(server, { clock: timeLapse(50, () => times.shift() ?? 0) });
		for (const _ of [1, 2, 3]) {
			await soon(() => expect(server.watching()).toBe(1));
			server.endWatches('cleanly');
			await soon(() => expect(server.watching()).toBe(0));
		}
		const asked = server.requests.filter(({ verb }) => verb === 'watch').map(({ url }) => new URL(url, 'http://api'));
		for (const { searchParams } of asked) {
			expect(searchParams.get('allowWatchBookmarks')).toBe('true');
			expect(Number(searchParams.get('timeoutSeconds'))).toBeGreaterThanOrEqual(300);
			expect(Number(searchParams.get('timeoutSeconds'))).toBeLessThanOrEqual(600);
		}
	});

	it('goes on from the last event, and from the last bookmark', async () => {
		const server = await serverWith(WEB);
		const found = watching(server);
		await soon(() => expect(server.watching()).toBe(1));
		const last = server.put(API);
		await holds(found, 'shop/api', 'shop/web');
		server.endWatches('cleanly');
		await soon(() => expect(server.watching()).toBe(1));
		expect(fromVersion(server, 2)).toBe(last);
		const newest = server.put({ kind: 'Node', metadata: { name: 'n1' } });
		server.bookmark();
		await soon(() => expect(found.watch.stats.bookmarks).toBe(1));
		server.compact();
		server.endWatches('abruptly');
		await soon(() => expect(server.watching()).toBe(1));
		expect(fromVersion(server, 3)).toBe(newest);
		expect(verbs(server)).toBe('LWWW');
		expect(found.events).toHaveLength(2);
	});

	it('fault 4: half-open (nothing comes any more): begun anew from the last version, and nothing is lost', async () => {
		const server = await serverWith(WEB);
		const found = watching(server, { limits: { silenceMs: 100, answerMs: 100 } });
		await soon(() => expect(server.watching()).toBe(1));
		const last = server.put(API);
		await holds(found, 'shop/api', 'shop/web');
		server.behave({ frozen: true });
		server.put(CART);
		server.remove(WEB);
		await soon(() => expect(server.requests.length).toBeGreaterThan(2));
		expect(found.troubles[0]).toMatchObject({
			reason: 'silent',
			what: 'watching /api/v1/services broke off: nothing more came for 0.1 s',
		});
		await soon(() => expect(found.troubles.length).toBeGreaterThan(1));
		expect(found.troubles[1]?.what).toMatch(/cannot be reached: no answer within 0\.1 s$/);
		expect(found.store.size).toBe(2);
		server.behave({ frozen: false });
		await holds(found, 'shop/api', 'shop/cart');
		expect(fromVersion(server, 2)).toBe(last);
		expect(verbs(server)).toMatch(/^LWW+$/);
	});

	it('fault 4: a server that hangs behind a proxy: found by a question that it does not answer', async () => {
		const server = await serverWith(WEB);
		const found = watching(server, { limits: { doubtMs: 5_000, proofMs: 100 } });
		await soon(() => expect(server.watching()).toBe(1));
		const last = server.put(API);
		await holds(found, 'shop/api', 'shop/web');
		server.behave({ frozen: true });
		server.put(CART);
		await soon(() => expect(found.troubles.length).toBeGreaterThan(0));
		expect(found.troubles[0]).toMatchObject({
			reason: 'silent',
			what: 'watching /api/v1/services broke off: nothing came for 5 s, and /version is not answered either',
		});
		expect(found.store.size).toBe(2);
		server.behave({ frozen: false });
		await holds(found, 'shop/api', 'shop/cart', 'shop/web');
		const again = server.requests.findLastIndex(({ verb }) => verb === 'watch');
		expect(fromVersion(server, again)).toBe(last);
	});

	it.each([404, 403, 500])(
		'a quiet cluster whose server answers a question with %d keeps its watch',
		async (status) => {
			const server = await serverWith(WEB);
			const found = watching(server, { limits: { doubtMs: 1_000, proofMs: 2_000 } });
			await soon(() => expect(server.watching()).toBe(1));
			server.refuse(status, { times: 100, verb: 'list' });
			await soon(() => expect(server.requests.filter(({ url }) => url === '/version').length).toBeGreaterThan(4));
			expect(found.troubles).toEqual([]);
			expect(server.requests.filter(({ verb }) => verb === 'watch')).toHaveLength(1);
		},
	);

	it('a server that says something is not asked', async () => {
		const server = await serverWith(WEB);
		const found = watching(server, { clock: timeLapse(10), limits: { doubtMs: 5_000 } });
		await soon(() => expect(server.watching()).toBe(1));
		for (let number = 0; number < 20; number++) {
			server.bookmark();
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
		expect(found.watch.stats.bookmarks).toBeGreaterThan(10);
		expect(verbs(server)).toBe('LW');
	});

	it('fault 11: in the middle of a line: that is no event, and it comes again', async () => {
		const server = await serverWith(WEB);
		const found = watching(server);
		await soon(() => expect(server.watching()).toBe(1));
		server.endWatches('mid-line');
		server.put(API);
		await holds(found, 'shop/api', 'shop/web');
		expect(verbs(server)).toBe('LWW');
		expect(found.troubles).toMatchObject([{ reason: 'broken' }]);
	});
});

describe('a version that the API server has forgotten', () => {
	it.each(['status', 'event'] as const)('faults 6, 7: 410 as %s: one list, one replacement', async (goneAs) => {
		const server = await serverWith(WEB, API);
		server.behave({ goneAs });
		const found = watching(server);
		await soon(() => expect(server.watching()).toBe(1));
		server.behave({ down: true });
		server.put(CART);
		server.compact();
		server.behave({ down: false });
		await holds(found, 'shop/api', 'shop/cart', 'shop/web');
		await soon(() => expect(server.watching()).toBe(1));
		expect(verbs(server)).toBe('LWWLW');
		expect(found.events.map(({ type }) => type)).toEqual(['replace', 'replace']);
		expect(found.least()).toBe(2);
		expect(found.watch.stats.troubles.get('expired')).toBe(1);
	});

	it('fault 7: 410 in the middle of a watch', async () => {
		const server = await serverWith(WEB);
		const found = watching(server);
		await soon(() => expect(server.watching()).toBe(1));
		server.error('services', 410);
		await soon(() => expect(verbs(server)).toBe('LWLW'));
		expect(found.events.map(({ type }) => type)).toEqual(['replace', 'replace']);
		expect(found.least()).toBe(1);
	});

	it('faults 6, 7: long after the last list: listed at once, however long the waits have become', async () => {
		const server = await serverWith(WEB);
		server.refuse(500, { times: 8, verb: 'list' });
		const clock = timeLapse(100);
		const found = watching(server, { clock });
		await soon(() => expect(server.watching()).toBe(1));
		const start = clock.now();
		await soon(() => expect(clock.now() - start).toBeGreaterThan(31_000));
		server.error('services', 410);
		await soon(() => expect(found.watch.stats.lists).toBe(2));
		expect(found.troubles.at(-1)).toMatchObject({ reason: 'expired', retryInMs: 0 });
		await soon(() => expect(found.watch.stats.watches).toBe(2));
		server.error('services', 410);
		await soon(() => expect(found.watch.stats.lists).toBe(3));
		expect(found.troubles.at(-1)?.retryInMs).toBeGreaterThan(5000);
	});

	it('fault 6: between the pages of a list: it begins anew and comes once', async () => {
		const server = await serverWith(...manyServices(700));
		server.behave({ delayMs: 20 });
		const found = watching(server);
		await soon(() => expect(server.requests).toHaveLength(2));
		server.remove(service('s1', []));
		server.compact();
		await soon(() => expect(found.store.size).toBe(699));
		expect(found.events).toHaveLength(1);
		expect(found.troubles).toEqual([]);
		await soon(() => expect(verbs(server)).toBe('LLLLW'));
	});
});

describe('an API server that answers badly', () => {
	it('fault 8: ERROR event 500: begun anew, counted, nothing forgotten', async () => {
		const server = await serverWith(WEB);
		const found = watching(server);
		await soon(() => expect(server.watching()).toBe(1));
		server.error('services', 500);
		server.put(API);
		await holds(found, 'shop/api', 'shop/web');
		await soon(() => expect(verbs(server)).toBe('LWW'));
		expect(found.watch.stats.troubles.get('error-event')).toBe(1);
		expect(found.troubles[0]?.what).toBe('the API server ended the watch with an error 500: said by the stand-in');
	});

	it.each([429, 503])('fault 9: %i with Retry-After: 20: not before 20 s, and then at once', async (status) => {
		const server = await serverWith(WEB);
		server.refuse(status, { retryAfter: 20 });
		server.refuse(status, { retryAfter: 20, verb: 'watch' });
		const found = watching(server);
		await holds(found, 'shop/web');
		await soon(() => expect(verbs(server)).toBe('LLWW'));
		for (const index of [0, 2]) {
			expect(gap(server, index)).toBeGreaterThanOrEqual(20_000 / 50);
			expect(gap(server, index)).toBeLessThan(30_000 / 50);
		}
		expect(found.troubles.map(({ reason, retryInMs }) => [reason, retryInMs])).toEqual([
			['throttled', 20_000],
			['throttled', 20_000],
		]);
	});

	it('a status without a time to wait: with growing waits, from the same version', async () => {
		const server = await serverWith(WEB);
		server.refuse(500, { verb: 'watch', times: 3, message: 'etcd is away' });
		const found = watching(server);
		await soon(() => expect(server.watching()).toBe(1));
		expect(verbs(server)).toBe('LWWWW');
		expect(found.troubles.map(({ retryInMs }) => retryInMs)).toEqual([400, 800, 1600]);
		expect(found.troubles[0]?.what).toBe('the API server refused /api/v1/services with status 500: etcd is away');
	});

	it('fault 12: a character in two chunks', async () => {
		const server = await serverWith(WEB);
		server.behave({ chunkBytes: 1 });
		const found = watching(server);
		await soon(() => expect(server.watching()).toBe(1));
		server.put(service('web', ['10.96.0.20'], { spec: { selector: { app: 'Blümchen 🌷' } } }));
		await soon(() => expect(found.events).toHaveLength(2));
		expect(found.store.get('shop/web')).toMatchObject({ spec: { selector: { app: 'Blümchen 🌷' } } });
	});

	it('fault 13: a line longer than the limit: listed anew, counted', async () => {
		const server = await serverWith(WEB);
		const found = watching(server, { limits: { lineBytes: 1 << 20 } });
		await soon(() => expect(server.watching()).toBe(1));
		server.line('services', { type: 'ADDED', object: { metadata: { name: 'x'.repeat(8 << 20) } } });
		await soon(() => expect(verbs(server)).toBe('LWLW'));
		expect(found.watch.stats.troubles.get('line-too-long')).toBe(1);
		expect([...found.store.keys()]).toEqual(['shop/web']);
	});

	it.each(['{"type":"MODIFIED","obj', '<html>', '{"type":"DELETED","object":{}}'])(
		'a line that is no event (%s): what it said is lost, so all is listed anew',
		async (line) => {
			const server = await serverWith(WEB);
			const found = watching(server);
			await soon(() => expect(server.watching()).toBe(1));
			server.line('services', line);
			await soon(() => expect(verbs(server)).toBe('LWLW'));
			expect(found.watch.stats.troubles.get('unreadable-line')).toBe(1);
		},
	);

	it('fault 14: random order and duplicates make no difference', async () => {
		const server = await serverWith(...manyServices(300));
		const plain = watching(server);
		await soon(() => expect(plain.events).toHaveLength(1));
		server.behave({ shuffled: true });
		const shuffled = watching(server);
		await soon(() => expect(shuffled.events).toHaveLength(1));
		expect(JSON.stringify([...shuffled.store])).toBe(JSON.stringify([...plain.store]));
		expect(plain.store.size).toBe(300);
	});

	it('fault 14: of two items with one name the newer counts', async () => {
		const item = (version: string) => ({ metadata: { name: 'a', resourceVersion: version } });
		const items = [item('9'), item('11'), item('10')];
		const list = { kind: 'ServiceList', metadata: { resourceVersion: '20' }, items };
		const server = await startApiServer(({ searchParams }) => ({
			status: searchParams.has('watch') ? 500 : 200,
			body: list,
		}));
		onTestFinished(server.close);
		const found = watching(await serverWith(), { access: plainAccess(server.url) });
		await holds(found, 'a');
		expect(found.store.get('a')?.metadata).toEqual({ name: 'a', resourceVersion: '11' });
	});

	it('fault 16: DELETED with an older object deletes by name', async () => {
		const server = await serverWith(WEB, API);
		server.behave({ olderDeletes: true });
		const found = watching(server);
		await soon(() => expect(server.watching()).toBe(1));
		server.put(moved('web', '10.96.0.99'));
		server.remove(WEB);
		await holds(found, 'shop/api');
		server.put(moved('web', '10.96.0.98'));
		await holds(found, 'shop/api', 'shop/web');
		expect(addressOf(found.store.get('shop/web'))).toBe('10.96.0.98');
	});

	it('fault 17: an older event after a newer one changes nothing, and what is deleted stays so', async () => {
		const server = await serverWith(WEB);
		const [older] = server.objects('services');
		const found = watching(server);
		await soon(() => expect(server.watching()).toBe(1));
		server.put(moved('web', '10.96.0.99'), API);
		server.line('services', { type: 'MODIFIED', object: older });
		server.remove(WEB);
		server.line('services', { type: 'MODIFIED', object: older });
		const last = server.put(CART);
		server.line('services', { type: 'MODIFIED', object: older });
		server.line('services', { type: 'BOOKMARK', object: { metadata: { resourceVersion: '50' } } });
		await soon(() => expect(found.watch.stats.bookmarks).toBe(1));
		expect([...found.store.keys()].sort()).toEqual(['shop/api', 'shop/cart']);
		expect(found.watch.stats.stale).toBe(3);
		expect(found.events.filter((event) => event.type === 'put').map(({ key }) => key)).toEqual([
			'shop/web',
			'shop/api',
			'shop/cart',
		]);
		server.endWatches('cleanly');
		await soon(() => expect(server.watching()).toBe(1));
		expect(fromVersion(server, 2)).toBe(last);
	});

	it('fault 18: deleted and created anew under the same name: a deletion and another object', async () => {
		const server = await serverWith(WEB);
		const found = watching(server);
		await soon(() => expect(server.watching()).toBe(1));
		server.remove(WEB);
		server.put(moved('web', '10.96.0.99'));
		await soon(() => expect(found.events).toHaveLength(3));
		expect(found.events.map(({ type }) => type)).toEqual(['replace', 'delete', 'put']);
		expect(addressOf(found.store.get('shop/web'))).toBe('10.96.0.99');
	});

	it.each([
		['no list', { status: 200, body: '<html>log in' }, 'refused', /something that is no list$/],
		[
			'a list without a version',
			{ status: 200, body: { kind: 'ServiceList', items: [] } },
			'refused',
			/has no resourceVersion$/,
		],
		['half a list', null, 'unreachable', /cannot be reached: aborted$/],
		['nothing by this name', refusal(404, 'no such resource'), 'forbidden', /status 404: no such resource$/],
	])('%s is none', async (_what, answer, reason, what) => {
		const server = await startApiServer(() => answer);
		onTestFinished(server.close);
		const found = watching(await serverWith(), { access: plainAccess(server.url) });
		await soon(() => expect(found.troubles.length).toBeGreaterThan(1));
		expect(found.troubles[0]).toMatchObject({ reason, what: expect.stringMatching(what) });
		expect(found.events).toEqual([]);
	});
});

describe('a resource that the cluster may lack', () => {
	it.each([404, 403])('counts as empty (%i), and is asked for again', async (status) => {
		const server = await serverWith(WEB);
		server.refuse(status, { times: 2 });
		const found = watching(server, { optional: true, clock: timeLapse(500) });
		await soon(() => expect(found.events).toHaveLength(1));
		expect(found.store.size).toBe(0);
		expect(found.watch.stats.synced).toBe(true);
		await holds(found, 'shop/web');
		expect(gap(server, 0)).toBeGreaterThanOrEqual(15_000 / 500);
		expect(found.troubles).toEqual([]);
		expect(found.events).toHaveLength(2);
	});

	it('keeps what it had when it is hidden later', async () => {
		const server = await serverWith(WEB);
		const found = watching(server, { optional: true });
		await soon(() => expect(server.watching()).toBe(1));
		server.refuse(403, { times: 2 });
		server.endWatches('cleanly');
		await soon(() => expect(verbs(server)).toBe('LWW'));
		expect([...found.store.keys()]).toEqual(['shop/web']);
		expect(found.events).toHaveLength(1);
	});
});

describe('the end', () => {
	it('comes at once, whatever is going on', async () => {
		const server = await serverWith(WEB);
		const inWatch = watching(server);
		await soon(() => expect(server.watching()).toBe(1));
		server.behave({ frozen: true });
		const inList = watching(server);
		const waiting = watching(server, { access: plainAccess('http://127.0.0.1:1'), clock: timeLapse(1) });
		await soon(() => expect(waiting.troubles).toHaveLength(1));
		await soon(() => expect(server.requests.length).toBe(3));
		const start = performance.now();
		await Promise.all([inWatch.stop(), inList.stop(), waiting.stop()]);
		expect(performance.now() - start).toBeLessThan(250);
		await soon(() => expect(server.watching()).toBe(0));
	});

	it('comes with the error of a consumer that fails', async () => {
		const server = await serverWith(WEB);
		const fail = () => {
			throw new TypeError('a flaw of ours');
		};
		const found = watching(server, { onEvent: fail });
		await expect(found.watch.done).rejects.toThrow('a flaw of ours');
		const later = watching(server, { onEvent: ({ type }) => (type === 'replace' ? undefined : fail()) });
		await soon(() => expect(server.watching()).toBe(1));
		server.put(API);
		await expect(later.watch.done).rejects.toThrow('a flaw of ours');
		await soon(() => expect(server.watching()).toBe(0));
	});
});
