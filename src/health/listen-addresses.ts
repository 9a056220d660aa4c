import { type Cidr, cidrContains, hostCidr, type IpFamily, parseAddress } from '../model/ip.ts';
import type { NodePortAddresses } from '../model/settings.ts';

/** Every address of a family. */
export const ANY_ADDRESS = { ip: '0.0.0.0', ip6: '::' } as const;

/**
 * Where a family's health checks listen: at every address, unless NodePorts answer in certain networks only; then at the
 * node's addresses in these, loopback among them (kube-proxy `pkg/proxy/healthcheck/service_health.go`
 * newServiceHealthServer, `pkg/proxy/util/nodeport_addresses.go` GetNodeIPs). None is a legal answer: nothing listens.
 * @param primaryIp of the family; null where the node has none, and then all are meant
 * @param present addresses that the node's interfaces have now
 */
export function healthCheckAddresses(
	family: IpFamily,
	{ primary, networks }: NodePortAddresses,
	primaryIp: string | null,
	present: readonly string[],
): readonly string[] {
	const wanted: Cidr[] = networks.filter((cidr) => cidr.family === family);
	if (primary && primaryIp !== null) wanted.push(hostCidr(family, primaryIp));
	if (wanted.length === 0 || wanted.some(({ prefix }) => prefix === 0)) return [ANY_ADDRESS[family]];
	const addresses = present.flatMap((text) => {
		const parsed = parseAddress(text);
		return 'family' in parsed && wanted.some((cidr) => cidrContains(cidr, family, parsed.address))
			? [parsed.address]
			: [];
	});
	return [...new Set(addresses)].sort();
}
