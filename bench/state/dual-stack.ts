// Every object of the cluster in a second family too. An IPv6 address holds the IPv4 address in its last 32 bits.

type Json = Readonly<Record<string, unknown>>;

/** IPv4 addresses and networks have their places in fd00::/96. */
const PREFIX = 'fd00::';
const PREFIX_BITS = 96;

/** The same objects with Services, slices and nodes of both families. */
export function dualStack(items: readonly Json[]): readonly Json[] {
	return items.flatMap((item) => {
		switch (item.kind) {
			case 'Service':
				return [dualService(item)];
			case 'EndpointSlice':
				return [item, secondSlice(item)];
			case 'Node':
				return [dualNode(item)];
			case 'ServiceCIDR':
				return [withSpec(item, ({ cidrs }) => ({ cidrs: both(cidrs, network) }))];
			default:
				return [item];
		}
	});
}

function dualService(item: Json): Json {
	return withSpec(item, ({ clusterIP, clusterIPs }) => ({
		clusterIPs: clusterIP === 'None' ? clusterIPs : both(clusterIPs, address),
		ipFamilies: ['IPv4', 'IPv6'],
		ipFamilyPolicy: 'RequireDualStack',
	}));
}

function secondSlice(item: Json): Json {
	const metadata = item.metadata as Json;
	const endpoints = item.endpoints as readonly Json[];
	return {
		...item,
		addressType: 'IPv6',
		endpoints: endpoints.map((each) => ({ ...each, addresses: (each.addresses as readonly string[]).map(address) })),
		metadata: { ...metadata, name: `${metadata.name}6` },
	};
}

function dualNode(item: Json): Json {
	const status = item.status as Json;
	const addresses = status.addresses as readonly { readonly address: string; readonly type: string }[];
	const second = addresses
		.filter(({ type }) => type === 'InternalIP')
		.map((each) => ({ ...each, address: address(each.address) }));
	return {
		...withSpec(item, ({ podCIDRs }) => ({ podCIDRs: both(podCIDRs, network) })),
		status: { ...status, addresses: [...addresses, ...second] },
	};
}

function withSpec(item: Json, change: (spec: Json) => Json): Json {
	const spec = item.spec as Json;
	return { ...item, spec: { ...spec, ...change(spec) } };
}

function both(list: unknown, second: (text: string) => string): readonly string[] {
	const first = list as readonly string[];
	return [...first, ...first.map(second)];
}

function address(ipv4: string): string {
	const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number);
	return `${PREFIX}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

function network(cidr: string): string {
	const [ip = '', bits = ''] = cidr.split('/');
	return `${address(ip)}/${PREFIX_BITS + Number(bits)}`;
}
