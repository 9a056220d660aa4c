type Json = Readonly<Record<string, unknown>>;
type Transport = 'TCP' | 'UDP';

/** What sets one Service apart from the others. */
export interface Variety {
	readonly headless: boolean;
	/** whether its endpoints are ready */
	readonly ready: boolean;
	readonly spec: Json;
	readonly status: Json;
	readonly slicePorts: readonly Json[];
}

/** A ClusterIP of one port with ready endpoints. */
export function plain(protocol: Transport): Variety {
	return {
		headless: false,
		ready: true,
		spec: { ports: [{ name: 'http', port: 80, protocol, targetPort: 'http' }] },
		status: {},
		slicePorts: [{ name: 'http', port: 8080, protocol }],
	};
}

/** Of 200 Services in a row 144 are plain; the others have one of the features that clusters use. */
export function varietyOf(service: number, protocol: Transport): Variety {
	const common = plain(protocol);
	const spec = (more: Json): Variety => ({ ...common, spec: { ...common.spec, ...more } });
	if (service % 200 === 19) return spec({ sessionAffinity: 'ClientIP' });
	switch (service % 25) {
		case 0:
			return loadBalancer(common, service);
		case 1:
			return withPorts(
				common,
				[{ name: 'http', port: 80, protocol, targetPort: 'http', nodePort: nodePort(service) }],
				{
					type: 'NodePort',
					externalTrafficPolicy: 'Cluster',
				},
			);
		case 2:
			return spec({ internalTrafficPolicy: 'Local' });
		case 3:
		case 4:
			return twoPorts(common, protocol);
		case 5:
			return { ...common, ready: false };
		case 6:
			return { ...common, headless: true };
		default:
			return common;
	}
}

function withPorts(common: Variety, ports: readonly Json[], more: Json): Variety {
	return { ...common, spec: { ...common.spec, ports, ...more } };
}

function loadBalancer(common: Variety, service: number): Variety {
	const ip = `198.18.${(service >>> 8) & 255}.${service & 255}`;
	return {
		...common,
		spec: {
			...common.spec,
			type: 'LoadBalancer',
			allocateLoadBalancerNodePorts: false,
			externalTrafficPolicy: 'Local',
			loadBalancerSourceRanges: ['203.0.113.0/24', '10.0.0.0/8'],
		},
		status: { loadBalancer: { ingress: [{ ip, ipMode: 'VIP' }] } },
	};
}

function twoPorts(common: Variety, protocol: Transport): Variety {
	const ports = [
		{ name: 'http', port: 80, protocol, targetPort: 'http' },
		{ name: 'metrics', port: 9090, protocol, targetPort: 'metrics' },
	];
	const slicePorts = [...common.slicePorts, { name: 'metrics', port: 9090, protocol }];
	return { ...withPorts(common, ports, {}), slicePorts };
}

/** The range has 2,768 numbers; of larger clusters some Services share one, and all but the first lose it. */
function nodePort(service: number): number {
	return 30_000 + (Math.floor(service / 25) % 2_768);
}
