import { readClient, readDestination } from '../../src/cli/read-ends.ts';
import type { IpFamily } from '../../src/model/ip.ts';
import type { Settings } from '../../src/model/settings.ts';
import { compileNode } from '../../src/pipeline.ts';
import { type Answer, answer } from '../../src/trace/answer.ts';
import type { Unresolved } from '../../src/trace/ends.ts';
import { documents, endpoint, node, service, serviceCidr, settings, slice } from './objects.ts';

// A cluster with something for each kind of name, and questions about it as people type them.

const WEB_SPEC = {
	type: 'LoadBalancer',
	externalTrafficPolicy: 'Local',
	loadBalancerSourceRanges: ['203.0.113.0/24'],
	ports: [{ name: 'http', port: 80, nodePort: 30080 }],
};

const DNS_PORTS = [
	{ name: 'dns', protocol: 'UDP', port: 53 },
	{ name: 'dns-tcp', protocol: 'TCP', port: 53 },
];

/** Pods web-0 on n1 and web-1 on n2, dns-0 somewhere, proxy-0 and proxy-1 in the network of n1. */
export const TRACED_SHOP = [
	node(1),
	node(2),
	serviceCidr('10.96.0.0/16', 'fd00:10:96::/112'),
	service('web', ['10.96.0.20', 'fd00:10:96::20'], {
		spec: WEB_SPEC,
		status: { loadBalancer: { ingress: [{ ip: '198.51.100.10' }] } },
	}),
	slice('web', [
		endpoint({ address: '10.244.1.5', node: 'n1', pod: 'shop/web-0' }),
		endpoint({ address: '10.244.2.5', node: 'n2', pod: 'shop/web-1' }),
	]),
	slice('web', [endpoint({ address: 'fd00:10:244:1::5', node: 'n1', pod: 'shop/web-0' })]),
	service('dns', ['10.96.0.10'], { namespace: 'default', spec: { ports: DNS_PORTS } }),
	slice('dns', [endpoint({ address: '10.244.9.2', pod: 'default/dns-0' })], { namespace: 'default', ports: DNS_PORTS }),
	service('proxy', ['10.96.0.60'], { spec: { ports: [{ port: 6000 }], sessionAffinity: 'ClientIP' } }),
	slice('proxy', [endpoint({ address: '192.168.10.1', node: 'n1', pod: 'shop/proxy-0' })], {
		ports: [{ name: '', port: 6000 }],
	}),
	slice('proxy', [endpoint({ address: '192.168.10.1', node: 'n1', pod: 'shop/proxy-1' })], {
		name: 'proxy-other',
		ports: [{ name: '', port: 6001 }],
	}),
	service('empty', ['10.96.0.70']),
];

/** What the tracer answers on node n1. */
export function asked(
	from: string,
	to: string,
	family: IpFamily | null = null,
	changes: Partial<Settings> = {},
	objects: readonly unknown[] = TRACED_SHOP,
): readonly Answer[] | Unresolved {
	const { ruleset, view, intake } = compileNode(documents(...objects), settings(changes));
	if (ruleset === null || view === null) throw new Error('no rules');
	const question = { client: readClient(from), destination: readDestination(to), family };
	return answer(question, intake.state, view, ruleset);
}

/** The same, where the names are known to lead somewhere. */
export function answers(...question: Parameters<typeof asked>): readonly Answer[] {
	const found = asked(...question);
	if ('unresolved' in found) throw new Error(found.unresolved);
	return found;
}
