import { type Draft, draft, portObject, serviceObject } from './draft.ts';
import { numberOf, type PortEvidence, type ServiceEvidence } from './evidence.ts';
import { counted, listed, treatedAfter, treatedBefore } from './words.ts';

/** Finds a Service that comes or goes as a whole. One that becomes headless, an ExternalName or another proxy's is gone. */
export function comingAndGoing(evidence: ServiceEvidence): readonly Draft[] {
	const { before, after, flows } = evidence;
	const object = serviceObject(evidence);
	if (before === null && after !== null) {
		const identity = { before: '', after: 'served' };
		return [
			draft({
				id: 'service-added',
				object,
				sentence: 'the Service is new',
				after: endpointsOf(after),
				identity,
				flows,
			}),
		];
	}
	if (before === null || after !== null) return [];
	const inUse = before.ports.some(({ endpoints }) => endpoints.ip.length + endpoints.ip6.length > 0);
	return [
		draft({
			id: inUse ? 'service-removed-in-use' : 'service-removed',
			object,
			sentence: inUse ? 'the Service is gone while it has endpoints' : 'the Service is gone; it had no endpoint',
			before: endpointsOf(before),
			identity: { before: 'served', after: '' },
			flows,
		}),
	];
}

function endpointsOf({ ports }: NonNullable<ServiceEvidence['before']>): string {
	const pods = new Set(
		ports.flatMap(({ endpoints }) => [...endpoints.ip, ...endpoints.ip6]).map(({ target }) => target),
	);
	return pods.size === 0 ? 'no endpoint' : counted(pods.size, 'endpoint');
}

/** Finds a port that comes, goes or gets another name while its Service stays. */
export function portsOfService({ before, after, ports }: ServiceEvidence): readonly Draft[] {
	if (before === null || after === null) return [];
	return ports.flatMap((port) => [...portChange(port), ...renaming(port)]);
}

function portChange({ id, before, after, flows }: PortEvidence): readonly Draft[] {
	const object = portObject(id);
	if (before === null && after !== null) {
		const number = numberOf(after.port);
		const identity = { before: '', after: number };
		return [
			draft({
				id: 'port-added',
				object,
				sentence: `port ${number} is new`,
				after: treatedAfter(flows),
				identity,
				flows,
			}),
		];
	}
	if (before === null || after !== null) return [];
	const number = numberOf(before.port);
	const identity = { before: number, after: '' };
	return [
		draft({
			id: 'port-removed',
			object,
			sentence: `port ${number} is gone`,
			before: treatedBefore(flows),
			identity,
			flows,
		}),
	];
}

function renaming({ id, before, after }: PortEvidence): readonly Draft[] {
	if (before === null || after === null || before.port.id.port === after.port.id.port) return [];
	const [old, now] = [before, after].map(({ port }) => port.id.port || 'no name');
	return [
		draft({
			id: 'port-renamed',
			object: portObject(id),
			sentence: `port ${numberOf(after.port)} has another name`,
			before: old ?? null,
			after: now ?? null,
			identity: { before: `${numberOf(before.port)} ${before.port.id.port}`, after: after.port.id.port },
		}),
	];
}

/** Finds a family or ClusterIP that comes, goes or changes while the Service stays. */
export function addressesOf(evidence: ServiceEvidence): readonly Draft[] {
	const { before, after } = evidence;
	if (before === null || after === null) return [];
	return [...familyChanges(evidence), ...clusterIpChange(evidence)];
}

const FAMILIES = ['ip', 'ip6'] as const;
const NAMES = { ip: 'IPv4', ip6: 'IPv6' } as const;

function familyChanges(evidence: ServiceEvidence): readonly Draft[] {
	const object = serviceObject(evidence);
	return (['family-dropped', 'family-added'] as const).flatMap((id) => {
		const [has, lacks] =
			id === 'family-dropped' ? [evidence.before, evidence.after] : [evidence.after, evidence.before];
		const changed = FAMILIES.filter((family) => clusterIps(has, family) !== null && clusterIps(lacks, family) === null);
		if (changed.length === 0) return [];
		const names = changed.map((family) => NAMES[family]).join(' and ');
		const sentence = id === 'family-dropped' ? `it has no ${names} address any more` : `it has an ${names} address now`;
		const identity = id === 'family-dropped' ? { before: names, after: '' } : { before: '', after: names };
		const flows = evidence.flows.filter(({ frontend }) => changed.includes(frontend.family));
		return [draft({ id, object, sentence, identity, flows })];
	});
}

/** Of the ports that a rival left; null where the Service has no address of the family at all. */
function clusterIps(service: ServiceEvidence['before'], family: 'ip' | 'ip6'): string | null {
	const addresses = (service?.ports ?? []).flatMap((port) => port.addresses[family] ?? []);
	return addresses.length === 0 ? null : (listed(addresses.flatMap(({ clusterIp }) => clusterIp ?? [])) ?? '');
}

function clusterIpChange(evidence: ServiceEvidence): readonly Draft[] {
	const pairs = FAMILIES.map((family) => ({
		family,
		old: clusterIps(evidence.before, family),
		now: clusterIps(evidence.after, family),
	}));
	const changed = pairs.filter(({ old, now }) => old !== null && now !== null && old !== now);
	if (changed.length === 0) return [];
	const before = listed(changed.flatMap(({ old }) => old || [])) ?? 'none';
	const after = listed(changed.flatMap(({ now }) => now || [])) ?? 'none';
	const flows = evidence.flows.filter(
		({ frontend: { kind, family } }) =>
			(kind === 'cluster-ip' || kind === 'other-port') && changed.some((each) => each.family === family),
	);
	return [
		draft({
			id: 'vip-changed',
			object: serviceObject(evidence),
			sentence: 'its ClusterIP is another one',
			before,
			after,
			identity: { before, after },
			flows,
		}),
	];
}
