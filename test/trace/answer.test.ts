import { describe, expect, it } from 'vitest';
import { fractionText } from '../../src/trace/fraction.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';
import { answers, asked, TRACED_SHOP } from '../support/traced-shop.ts';

/** The packets of the answers in short: `10.244.1.5 network → 10.96.0.20 80/tcp`. */
function packets(...question: Parameters<typeof asked>): readonly string[] {
	return answers(...question).map(({ flow: { packet } }) => {
		const { saddr, from, daddr, dport, protocol } = packet;
		return `${saddr} ${from} → ${daddr} ${dport}/${protocol}`;
	});
}

function sentence(...question: Parameters<typeof asked>): string | null {
	const found = asked(...question);
	return 'unresolved' in found ? found.unresolved : null;
}

describe('who opens a connection', () => {
	it.each([
		['pod:shop/web-0', '10.244.1.5 network'],
		['node', '192.168.10.1 node'],
		['external', '203.0.113.1 network'],
		['ip:192.0.2.7', '192.0.2.7 network'],
		['ip:192.168.10.1', '192.168.10.1 node'],
		['ip:127.0.0.5', '127.0.0.5 node'],
		['pod:shop/proxy-0', '192.168.10.1 node'],
	])('%s sends from %s', (from, source) => {
		expect(packets(from, 'svc:dns:dns')).toEqual([`${source} → 10.96.0.10 53/udp`]);
	});

	it('from outside is from where nothing of the cluster is', () => {
		const [answer] = answers('external', 'svc:dns:dns', null, {
			clusterCidrs: [{ family: 'ip', address: '203.0.113.0', prefix: 24 }],
		});
		expect(answer?.flow.packet.saddr).toBe('198.51.100.1');
	});

	it('a pod of this node comes in by the interface that pods are known by', () => {
		const detectLocal = { mode: 'prefix', interface: 'cali' } as const;
		const interfaces = ['pod:shop/web-0', 'pod:shop/web-1', 'external'].map(
			(from) => answers(from, 'svc:dns:dns', null, { detectLocal })[0]?.flow.packet.iifname,
		);
		expect(interfaces).toEqual(['cali0', '', '']);
	});

	it('an address is known by its Pod and node, and by none where Pods share it', () => {
		const who = (from: string) => answers(from, 'svc:dns:dns')[0]?.flow.client;
		expect(who('ip:10.244.2.5')).toMatchObject({ pod: { namespace: 'shop', name: 'web-1' }, node: 'n2' });
		expect(who('ip:10.244.2.200')).toMatchObject({ pod: null, node: 'n2' });
		expect(who('ip:192.168.10.1')).toMatchObject({ pod: null, node: 'n1' });
		expect(who('ip:192.0.2.7')).toMatchObject({ pod: null, node: null });
	});

	it.each([
		[
			'pod:shop/web-1',
			'svc:dns:dns',
			[
				'pod shop/web-1 is on n2, whose own rules decide first (ask with --node n2); this is what n1 would do with the packet if it came here',
			],
		],
		['pod:shop/web-1', 'nodeport:30080', ['pod shop/web-1 is on n2: its packet arrives here from the network']],
		[
			'pod:dns-0',
			'svc:dns:dns',
			['the input does not say on which node pod default/dns-0 is; its packet is taken to come from the network'],
		],
		[
			'external',
			'lb:shop/web',
			[
				'only some sources may come in here, and 203.0.113.1 stands for all outside: ask for one with --from ip:ADDRESS',
			],
		],
		['ip:203.0.113.1', 'lb:shop/web', []],
		['node', 'svc:shop/proxy', ['this is a new client: for 10800 s after that it goes to the same endpoint again']],
	])('%s to %s: what one has to know', (from, to, notes) => {
		expect(answers(from, to, 'ip')[0]?.flow.notes).toEqual(notes);
	});
});

describe('where a connection goes', () => {
	it.each([
		['svc:shop/web', ['10.96.0.20 80/tcp', 'fd00:10:96::20 80/tcp']],
		['svc:shop/web:http', ['10.96.0.20 80/tcp', 'fd00:10:96::20 80/tcp']],
		['svc:shop/web:80/tcp', ['10.96.0.20 80/tcp', 'fd00:10:96::20 80/tcp']],
		['svc:dns:53/udp', ['10.96.0.10 53/udp']],
		['svc:default/dns:dns-tcp', ['10.96.0.10 53/tcp']],
		['svc:shop/proxy:6000', ['10.96.0.60 6000/tcp']],
		['lb:shop/web', ['198.51.100.10 80/tcp']],
		['nodeport:30080', ['192.168.10.1 30080/tcp', 'fd00:192:168:10::1 30080/tcp']],
		['nodeport:31000/udp', ['192.168.10.1 31000/udp', 'fd00:192:168:10::1 31000/udp']],
		['ip:192.0.2.1:80', ['192.0.2.1 80/tcp']],
		['ip:[FD00::1]:53/udp', ['fd00::1 53/udp']],
	])('%s is %j', (to, expected) => {
		expect(packets('node', to).map((packet) => packet.split(' → ')[1])).toEqual(expected);
	});

	it('only the family that is asked for, or that both ends have', () => {
		expect(packets('node', 'svc:shop/web', 'ip6')).toEqual(['fd00:192:168:10::1 node → fd00:10:96::20 80/tcp']);
		expect(packets('pod:shop/web-1', 'svc:shop/web')).toEqual(['10.244.2.5 network → 10.96.0.20 80/tcp']);
	});
});

describe('names that lead nowhere', () => {
	it.each([
		[
			'pod:shop/wep-0',
			'svc:shop/web',
			'there is no pod shop/wep-0 among the 5 behind Services in the input (did you mean shop/web-0, shop/web-1, shop/proxy-0?)',
		],
		[
			'pod:web-1',
			'svc:shop/web',
			'there is no pod default/web-1 among the 5 behind Services in the input (did you mean shop/web-1?)',
		],
		[
			'node',
			'svc:shop/wep',
			'there is no Service shop/wep among the 4 with a ClusterIP (did you mean shop/web, shop/empty, shop/proxy?)',
		],
		['node', 'svc:web', 'there is no Service default/web among the 4 with a ClusterIP (did you mean shop/web?)'],
		['node', 'svc:shop/web:https', 'Service shop/web has no port https; it has http (80/tcp)'],
		['node', 'svc:shop/proxy:1', 'Service shop/proxy has no port 1; it has 6000/tcp'],
		['node', 'svc:shop/web:80/udp', 'Service shop/web has no port 80/udp; it has http (80/tcp)'],
		['node', 'svc:dns', 'which port of Service default/dns: dns (53/udp), dns-tcp (53/tcp)?'],
		['node', 'svc:dns:53', 'which port of Service default/dns: dns (53/udp), dns-tcp (53/tcp)?'],
		['node', 'lb:dns:dns', 'Service port default/dns:dns has no load-balancer address'],
		[
			'ip:fd00::7',
			'svc:dns:dns',
			'no packet goes from fd00::7 to default/dns:dns: the one has an IPv6 address, the other an IPv4 address, the rules are for IPv4 and IPv6',
		],
	])('from %s to %s: %s', (from, to, expected) => {
		expect(sentence(from, to)).toBe(expected);
	});

	it('a family that is asked for in vain', () => {
		expect(sentence('node', 'svc:dns:dns', 'ip6')).toMatch(/the other an IPv4 address, .*, IPv6 was asked for$/);
		expect(sentence('node', 'svc:shop/web', 'ip6', { families: ['ip'] })).toMatch(/the rules are for IPv4, IPv6 was/);
	});

	it('where nothing is known', () => {
		const objects = TRACED_SHOP.filter(({ kind }) => kind === 'Node');
		expect(sentence('pod:a/b', 'nodeport:30000', null, {}, objects)).toMatch(/^no endpoint in the input names its Pod/);
		expect(sentence('node', 'svc:a/b', null, {}, objects)).toBe('there is no Service a/b among the 0 with a ClusterIP');
		const noNodes = TRACED_SHOP.filter(({ kind }) => kind !== 'Node');
		expect(sentence('node', 'svc:dns:dns', null, {}, noNodes)).toMatch(
			/from node n1 to .* has no known address, the other/,
		);
		expect(packets('node', 'svc:dns:dns', null, { nodeIps: { ip: ['192.0.2.9'], ip6: [] } }, noNodes)).toEqual([
			'192.0.2.9 node → 10.96.0.10 53/udp',
		]);
	});
});

describe('the answer', () => {
	it('names who has each endpoint', () => {
		const [answer] = answers('external', 'svc:shop/web', 'ip');
		expect(answer?.outcomes.map(({ where }) => where)).toEqual([
			{ pod: { namespace: 'shop', name: 'web-0' }, node: 'n1' },
			{ pod: { namespace: 'shop', name: 'web-1' }, node: 'n2' },
		]);
		const [proxies] = answers('external', 'svc:shop/proxy');
		expect(proxies?.outcomes.map(({ where }) => where?.pod?.name)).toEqual(['proxy-0', 'proxy-1']);
	});

	it('comes for thousands of endpoints with session affinity, which are as many chains', () => {
		const many = Array.from({ length: 3000 }, (_, index) =>
			endpoint({ address: `10.${100 + (index >> 8)}.${index & 255}.1`, node: 'n2' }),
		);
		const spec = { sessionAffinity: 'ClientIP' };
		const objects = [node(1), service('many', ['10.96.0.9'], { spec }), slice('many', many)];
		const [answer] = answers('node', 'svc:shop/many', 'ip', {}, objects);
		expect(answer?.outcomes).toHaveLength(3000);
		expect(new Set(answer?.outcomes.map(({ probability }) => fractionText(probability)))).toEqual(new Set(['1/3000']));
	});
});
