import { describe, expect, it } from 'vitest';
import { compiled } from '../support/compiled.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';

const AFFINITY = { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 600 } } };
const HERE = endpoint({ address: '10.244.1.5', node: 'n1' });
const ELSEWHERE = endpoint({ address: '10.244.2.5', node: 'n2' });
const SET = 'affinity/shop/web/http/10.244.1.5.8080';
const OTHER_SET = 'affinity/shop/web/http/10.244.2.5.8080';

function web(spec: Record<string, unknown>, endpoints: Parameters<typeof slice>[1]) {
	return compiled([node(1), service('web', ['10.96.0.20'], { spec }), slice('web', endpoints)]);
}

/** The sets that remember clients, with the seconds they do so. */
function affinitySets(found: ReturnType<typeof compiled>) {
	const sets = found.table().sets.filter((set) => set.name.startsWith('affinity/'));
	return Object.fromEntries(sets.map((set) => [set.name, set.timeout]));
}

describe('session affinity', () => {
	it('asks every endpoint whether it remembers the client, then draws one that remembers it from now on', () => {
		const found = web(AFFINITY, [HERE, ELSEWHERE]);
		const [chain, otherChain] = [SET, OTHER_SET].map((set) => set.replace('affinity/', 'endpoint/'));
		expect(found.chain('cluster/shop/web/http')).toEqual([
			`ip saddr @${SET} goto ${chain}`,
			`ip saddr @${OTHER_SET} goto ${otherChain}`,
			`numgen random mod 2 == 0 goto ${chain}`,
			`goto ${otherChain}`,
		]);
		expect(found.chain(chain ?? '')).toEqual([
			`update @${SET} { ip saddr }`,
			'meta l4proto tcp dnat to 10.244.1.5:8080',
		]);
	});

	it('EC-82: a single endpoint remembers its clients too', () => {
		const found = web(AFFINITY, [HERE]);
		expect(found.chain('cluster/shop/web/http')).toHaveLength(2);
		expect(affinitySets(found)).toEqual({ [SET]: 600 });
	});

	it('EC-83: without affinity a single endpoint is a plain rule, and there is no set', () => {
		const found = web({}, [HERE]);
		expect(found.chain('cluster/shop/web/http')).toEqual(['meta l4proto tcp dnat to 10.244.1.5:8080']);
		expect(affinitySets(found)).toEqual({});
	});

	it('EC-84: a terminating local endpoint that only the Local policy uses is remembered as well', () => {
		const draining = endpoint({ address: '10.244.1.5', node: 'n1', ready: false, serving: true, terminating: true });
		const external = {
			type: 'NodePort',
			externalTrafficPolicy: 'Local',
			ports: [{ name: 'http', port: 80, nodePort: 30080 }],
		};
		const found = web({ ...AFFINITY, ...external }, [draining, ELSEWHERE]);
		expect(affinitySets(found)).toEqual({ [SET]: 600, [OTHER_SET]: 600 });
		expect(found.chain('local/shop/web/http')?.[0]).toContain(`ip saddr @${SET}`);
		expect(found.chain('cluster/shop/web/http')?.[0]).toContain(`ip saddr @${OTHER_SET}`);
	});

	it('EC-85: switched off, its sets are gone', () => {
		expect(affinitySets(web({ ...AFFINITY, sessionAffinity: 'None' }, [HERE]))).toEqual({});
	});

	it('EC-86: lasts as long as asked, three hours by default', () => {
		const day = { clientIP: { timeoutSeconds: 86400 } };
		expect(affinitySets(web({ ...AFFINITY, sessionAffinityConfig: day }, [HERE]))).toEqual({ [SET]: 86400 });
		expect(affinitySets(web({ sessionAffinity: 'ClientIP' }, [HERE]))).toEqual({ [SET]: 10800 });
	});
});
