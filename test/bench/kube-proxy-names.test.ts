import { expect, it } from 'vitest';
import { chainBase, endpointBase } from '../../bench/kube-proxy/names.ts';
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

it.each([
	['ns1', 'svc1', '10.180.0.1', '5OJB2KTY-ns1/svc1/tcp/p80__10.180.0.1/80'],
	['ns4', 'svc4', '10.180.0.5', '5RFCDDV7-ns4/svc4/tcp/p80__10.180.0.5/80'],
	['ns1', 'svc1', 'fd00:10:180::1', 'ZVRFLKHO-ns1/svc1/tcp/p80__fd00.10.180..1/80'],
] as const)('calls an endpoint as kube-proxy does: %s/%s at %s', (namespace, service, address, base) => {
	expect(endpointBase(servicePort(namespace, service, 'tcp', 'p80'), { address, port: 80 })).toBe(base);
});
