type Json = Readonly<Record<string, unknown>>;

/** The same objects, with Services that ask for endpoints in the client's zone and the hints that the controller writes. */
export function preferringZones(items: readonly Json[]): readonly Json[] {
	return items.map((item) => {
		if (item.kind === 'Service') {
			return { ...item, spec: { ...(item.spec as Json), trafficDistribution: 'PreferSameZone' } };
		}
		return item.kind === 'EndpointSlice' ? withHints(item) : item;
	});
}

function withHints(item: Json): Json {
	const endpoints = item.endpoints as readonly Json[];
	return { ...item, endpoints: endpoints.map((each) => ({ ...each, hints: { forZones: [{ name: each.zone }] } })) };
}
