import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/change-set.ts';
import { closerLook, shellLine } from '../../src/report/commands.ts';
import { COMMANDS, finding, flow, origin } from '../support/change-sets.ts';

function look(more: Partial<Finding>, read = COMMANDS.read): string | null {
	const command = closerLook(finding(more), { ...COMMANDS, read });
	return command === null ? null : shellLine(command);
}

const { frontend, client } = flow();

describe('the command to look closer', () => {
	it.each([
		['a ClusterIP', {}, 'nft-gen trace --node n1 --from ip:10.1.2.3 --to ip:10.96.14.7:80 -f deploy'],
		[
			'IPv6 and UDP',
			{ frontend: { ...frontend, family: 'ip6', address: 'fd00::7', protocol: 'udp' } as const },
			"nft-gen trace --node n1 --from ip:10.1.2.3 --to 'ip:[fd00::7]:80/udp' -f deploy",
		],
		[
			'a NodePort, from the node',
			{
				frontend: { ...frontend, kind: 'node-port', address: null, port: 30080 } as const,
				client: { ...client, kind: 'node' } as const,
			},
			'nft-gen trace --node n1 --from node --to nodeport:30080 --family ipv4 -f deploy',
		],
		[
			'an address that is yet to be assigned',
			{ frontend: { ...frontend, address: '‹clusterIP of shop/web›' } },
			'nft-gen explain svc:shop/web:http --node n1 -f deploy',
		],
		[
			'all other ports',
			{ frontend: { ...frontend, kind: 'other-port', port: null } as const },
			'nft-gen explain svc:shop/web:http --node n1 -f deploy',
		],
	])('at %s traces it where that can be', (_what, more, expected) => {
		expect(look({ flows: [flow(more)] })).toBe(expected);
	});

	it('explains a Service on all nodes where a finding has neither nodes nor connections', () => {
		const object = { kind: 'Service', namespace: 'shop', name: 'web', port: null } as const;
		expect(look({ object, nodes: [] })).toBe('nft-gen explain svc:shop/web --all-nodes -f deploy');
	});

	it('reads the base side of what is gone', () => {
		const causes = [
			{ object: 'Service shop/web', path: '', before: null, after: null, base: origin('a.yaml'), head: null },
		];
		const read = { base: ['-f', 'old files'], head: ['-f', 'deploy'] };
		expect(look({ causes }, read)).toBe("nft-gen explain svc:shop/web:http --node n1 -f 'old files'");
		expect(look({ causes })).toBeNull();
	});

	it('is none about Nodes and the cluster, on a node that is none, and where the side cannot be read again', () => {
		expect(look({ nodes: ['‹any node›'], flows: [flow({ nodes: ['‹any node›'] })] })).toBeNull();
		expect(look({ object: { kind: 'Node', namespace: null, name: 'n1', port: null } })).toBeNull();
		expect(look({}, { base: null, head: null })).toBeNull();
	});
});

describe('a shell', () => {
	it.each([
		['a b', "'a b'"],
		["it's", "'it'\\''s'"],
		['$(id)', "'$(id)'"],
		['', "''"],
		['=x', "'=x'"],
		['main:deploy/a-b_c.yaml', 'main:deploy/a-b_c.yaml'],
	])('gets %s as one word', (word, expected) => expect(shellLine([word])).toBe(expected));
});
