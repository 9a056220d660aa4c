// What a pull request does to a cluster: every so many Services change, each in one of five ways.

type Json = Readonly<Record<string, unknown>>;

interface Listed extends Json {
	readonly kind: string;
	readonly metadata: Json & { readonly name: string; readonly labels?: Json };
	readonly spec: Json & { readonly ports: readonly Json[] };
}

/** The same list of objects after so many of its Services changed, evenly spread; equal lists give equal ones. */
export function changedList(list: Json, changes: number): Json {
	const items = list.items as readonly Listed[];
	const services = items.filter((item) => item.kind === 'Service');
	const step = Math.floor(services.length / changes);
	const chosen = new Map(
		services.filter((_, index) => index % step === 0).map((each, index) => [each.metadata.name, index]),
	);
	return {
		...list,
		items: items.map((item) => {
			const name = item.kind === 'Service' ? item.metadata.name : item.metadata.labels?.['kubernetes.io/service-name'];
			const index = chosen.get(String(name));
			return index === undefined ? item : changed(item, index);
		}),
	};
}

function changed(item: Listed, index: number): Json {
	const way = index % 5;
	if (item.kind === 'EndpointSlice') return way === 4 ? { ...item, endpoints: [] } : item;
	return { ...item, spec: { ...item.spec, ...changedSpec(item, way, index) } };
}

function changedSpec({ spec: { ports } }: Listed, way: number, index: number): Json {
	switch (way) {
		case 0:
			return { internalTrafficPolicy: 'Local' };
		case 1:
			return { type: 'NodePort', ports: ports.map((port) => ({ ...port, nodePort: 30000 + index })) };
		case 2:
			return { sessionAffinity: 'ClientIP' };
		case 3:
			return { trafficDistribution: 'PreferClose' };
		default:
			return {};
	}
}
