import type { Service, ServicePort } from '../model/cluster-state.ts';
import { cidrText, IP_FAMILIES } from '../model/ip.ts';
import { type Draft, draft, portObject, serviceObject } from './draft.ts';
import { answersAt, isLetInOrOut, type PortEvidence, type PortSide, type ServiceEvidence } from './evidence.ts';
import { listed } from './words.ts';

/** Finds NodePorts, external and load-balancer addresses at which a service port comes to answer, or ceases to. */
export function exposureOf(evidence: PortEvidence, service: ServiceEvidence): readonly Draft[] {
	return [...nodePorts(evidence, service), ...externals(evidence)];
}

/** A NodePort that another port of the Service had, or takes over, exposes nothing new. */
function nodePorts({ id, before, after, flows }: PortEvidence, service: ServiceEvidence): readonly Draft[] {
	const has = (side: Service | null, port: string) => (side?.ports ?? []).some((each) => nodePortText(each) === port);
	const [old, now] = [before, after].map((side) => side && nodePortText(side.port));
	const isGone = old && !has(service.after, old);
	const isNew = now && !has(service.before, now);
	const object = portObject(id);
	const own = flows.filter(({ frontend }) => frontend.kind === 'node-port');
	const at = (side: PortSide | null) => own.filter(({ frontend }) => answersAt(side, frontend));
	const gone = draft({
		id: 'no-longer-exposed-nodeport',
		object,
		sentence: `NodePort ${old} does not lead to it any more`,
		before: old ?? null,
		identity: { before: old ?? '', after: '' },
		flows: at(before),
	});
	const come = draft({
		id: 'newly-exposed-nodeport',
		object,
		sentence: `every node leads to it at NodePort ${now}`,
		after: now ?? null,
		identity: { before: '', after: now ?? '' },
		flows: at(after),
	});
	return [...(isGone ? [gone] : []), ...(isNew ? [come] : [])];
}

/** `31080`, `31080 udp`: a number that stands alone can be a symbol. Null without a NodePort. */
function nodePortText({ nodePort, protocol }: ServicePort): string | null {
	if (nodePort === null) return null;
	return protocol === 'tcp' ? String(nodePort) : `${nodePort} ${protocol}`;
}

function externals({ id, before, after, flows }: PortEvidence): readonly Draft[] {
	const [old, now] = [externalAddresses(before), externalAddresses(after)];
	const object = portObject(id);
	const to = (addresses: readonly string[]) => {
		const hasAddress = (address: string | null) => address !== null && addresses.includes(address);
		return flows.filter(({ frontend: { kind, address } }) => isExternal(kind) && hasAddress(address));
	};
	const gone = old.filter((address) => !now.includes(address));
	const come = now.filter((address) => !old.includes(address));
	const goneText = listed(gone);
	const comeText = listed(come);
	return [
		...(goneText === null
			? []
			: [
					draft({
						id: 'no-longer-exposed-external',
						object,
						sentence: `${goneText} ${gone.length === 1 ? 'does' : 'do'} not lead to it any more`,
						before: goneText,
						identity: { before: goneText, after: '' },
						flows: to(gone),
					}),
				]),
		...(comeText === null
			? []
			: [
					draft({
						id: 'newly-exposed-external',
						object,
						sentence: `${comeText} ${come.length === 1 ? 'leads' : 'lead'} to it`,
						after: comeText,
						identity: { before: '', after: comeText },
						flows: to(come),
					}),
				]),
	];
}

function isExternal(kind: string): boolean {
	return kind === 'external-ip' || kind === 'load-balancer-ip';
}

function externalAddresses(side: PortSide | null): readonly string[] {
	const found = IP_FAMILIES.flatMap((family) => side?.port.addresses[family] ?? []);
	return found.flatMap(({ externalIps, loadBalancerIps }) => [...externalIps, ...loadBalancerIps]);
}

/** Finds clients that source ranges let in or keep out now, at the load balancer's addresses. */
export function sourceRangesOf(evidence: ServiceEvidence): readonly Draft[] {
	const { before, after, ports } = evidence;
	if (before === null || after === null) return [];
	const isLasting = ({ frontend }: ServiceEvidence['flows'][number]) =>
		ports.some((port) => answersAt(port.before, frontend) && answersAt(port.after, frontend));
	const flows = evidence.flows.filter((flow) => isLetInOrOut(flow) && isLasting(flow));
	const letIn = flows.filter(({ client }) => client.allowedBefore === false);
	const keptOut = flows.filter(({ client }) => client.allowedAfter === false);
	const toAll = letIn.filter(({ client }) => client.allowedAfter === null);
	const some = letIn.filter(({ client }) => client.allowedAfter !== null);
	const [old, now] = [rangesOf(before), rangesOf(after)];
	const about = { object: serviceObject(evidence), before: old, after: now, identity: { before: old, after: now } };
	const sentences = {
		'source-range-removed-all': 'its source ranges are gone; everybody may use its load-balancer addresses',
		'source-range-widened': 'clients that were kept out may use its load-balancer addresses',
		'source-range-narrowed': 'clients that could use its load-balancer addresses are kept out',
	};
	const drafted = (id: keyof typeof sentences, flows: ServiceEvidence['flows']) =>
		flows.length === 0 ? [] : [draft({ ...about, id, sentence: sentences[id], flows })];
	return [
		...drafted('source-range-removed-all', toAll),
		...drafted('source-range-widened', some),
		...drafted('source-range-narrowed', keptOut),
	];
}

function rangesOf({ sourceRanges }: NonNullable<ServiceEvidence['before']>): string {
	const networks = IP_FAMILIES.flatMap((family) => sourceRanges[family] ?? []).map(cidrText);
	if (networks.length > 0) return listed(networks) ?? '';
	return IP_FAMILIES.some((family) => sourceRanges[family] !== null) ? 'nobody' : 'everybody';
}
