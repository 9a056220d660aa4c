import { expect, it } from 'vitest';
import { chainBase } from '../../bench/kube-proxy/names.ts';
import type { ServicePort } from '../../src/model/cluster-state.ts';

function servicePort(namespace: string, service: string, protocol: 'tcp' | 'udp', port: string): ServicePort {
	const id = { namespace, service, port };
	return { id, protocol, port: 80, nodePort: null, addresses: { ip: null, ip6: null }, endpoints: { ip: [], ip6: [] } };
}

it.each([
	['ns1', 'svc1', 'tcp', 'p80', 'ULMVA6XW-ns1/svc1/tcp/p80'],
	['ns2', 'svc2', 'tcp', 'p80', '42NFTM6N-ns2/svc2/tcp/p80'],
	['default', 'kubernetes', 'tcp', 'https', '2QRHZV4L-default/kubernetes/tcp/https'],
	['kube-system', 'kube-dns', 'udp', 'dns', 'FY5PMXPG-kube-system/kube-dns/udp/dns'],
	['ns1', 'svc1', 'tcp', '', '6KJ5P52A-ns1/svc1/tcp/'],
] as const)('calls a service port as kube-proxy does: %s/%s/%s/%s', (namespace, service, protocol, port, base) => {
	expect(chainBase(servicePort(namespace, service, protocol, port))).toBe(base);
});
