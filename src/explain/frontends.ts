import { cidrText, isSingleAddress, socketText } from '../model/ip.ts';
import type { ServicePortView } from '../model/node-view.ts';
import type { Choice } from './endpoints.ts';
import type { Place } from './place.ts';
import type { Subject } from './subject.ts';
import { listed } from './words.ts';

/** Who opens a connection: a pod, a process of the node itself, or anybody else. */
export type Client = 'pods' | 'node' | 'outside';

/** Which list traffic goes to, or what becomes of it instead. */
export type Fate = Choice | 'refused' | 'dropped';

/** What becomes of some clients' traffic. */
export interface Treatment {
	readonly clients: readonly Client[];
	readonly fate: Fate;
	/** whether endpoints see the node's address instead of the client's; null where none sees anything */
	readonly masqueraded: boolean | null;
}

/** A place at which a service port answers, and what it does for whom. */
export interface Frontend {
	readonly kind: 'ClusterIP' | 'external IP' | 'load-balancer IP' | 'NodePort';
	/** null for a NodePort, which has those of the node */
	readonly address: string | null;
	readonly port: number;
	/** as people read it: `10.96.0.20:80`, `30080 at the primary address` */
	readonly where: string;
	/** who may come in at all; null is everybody */
	readonly sources: readonly string[] | null;
	readonly treatments: readonly Treatment[];
}

const CLIENTS: readonly Client[] = ['pods', 'node', 'outside'];

/** What every address of a service port does for every kind of client (kube-proxy `pkg/proxy/nftables/proxier.go` syncProxyRules). */
export function explainFrontends({ view, place }: Subject): readonly Frontend[] {
	const { clusterIp, loadBalancerIps, external } = view;
	const internal = treatments((client) => internalTreatment(client, view, place));
	const externals = external === null ? [] : treatments((client) => externalTreatment(client, external, place));
	const at = (kind: Frontend['kind'], address: string, sources: readonly string[] | null = null): Frontend => {
		const where = socketText(address, view.port);
		return { kind, address, port: view.port, where, sources, treatments: kind === 'ClusterIP' ? internal : externals };
	};
	const sources = view.sourceRanges === null ? null : view.sourceRanges.map(cidrText);
	const outer = new Set([...view.externalIps, ...loadBalancerIps]);
	return [
		...(clusterIp === null || outer.has(clusterIp) ? [] : [at('ClusterIP', clusterIp)]),
		...view.externalIps.filter((address) => !loadBalancerIps.includes(address)).map((ip) => at('external IP', ip)),
		...loadBalancerIps.map((address) => at('load-balancer IP', address, sources)),
		...(view.nodePort === null ? [] : [nodePort(view.nodePort, externals, place)]),
	];
}

function nodePort(port: number, treatments: readonly Treatment[], place: Place): Frontend {
	return { kind: 'NodePort', address: null, port, where: nodePortPlace(port, place), sources: null, treatments };
}

/** The primary address is not spelt out: nodes that do the same are to have the same words. */
function nodePortPlace(port: number, { nodePortNetworks, here }: Place): string {
	if (nodePortNetworks === null) return `${port} at every address but loopback`;
	if (nodePortNetworks.length === 0) return `${port} at no address`;
	const places = nodePortNetworks.map((cidr) => {
		if (!isSingleAddress(cidr)) return `addresses in ${cidrText(cidr)}`;
		return cidr.address === here.primaryIp ? 'the primary address' : cidr.address;
	});
	return `${port} at ${listed(places)}`;
}

type Treated = Omit<Treatment, 'clients'>;

/** Clients that are treated alike, together. */
function treatments(treat: (client: Client) => Treated): readonly Treatment[] {
	const found = new Map<string, Treatment>();
	for (const client of CLIENTS) {
		const treated = treat(client);
		const key = JSON.stringify(treated);
		found.set(key, { clients: [...(found.get(key)?.clients ?? []), client], ...treated });
	}
	return [...found.values()];
}

const REFUSED: Treated = { fate: 'refused', masqueraded: null };
const DROPPED: Treated = { fate: 'dropped', masqueraded: null };

function internalTreatment(client: Client, { internal }: ServicePortView, place: Place): Treated {
	if (internal === 'refuse') return REFUSED;
	if (internal === 'drop') return DROPPED;
	return { fate: internal, masqueraded: place.masqueradeAll || (place.podsKnown && client !== 'pods') };
}

/** Under Local, pods and the node itself are inside and go by Cluster; pods only where they can be told from others. */
function externalTreatment(
	client: Client,
	route: NonNullable<ServicePortView['external']>,
	{ podsKnown }: Place,
): Treated {
	if (route === 'refuse') return REFUSED;
	if (route === 'cluster') return { fate: 'cluster', masqueraded: true };
	if (client === 'node') return { fate: 'cluster', masqueraded: true };
	if (client === 'pods' && podsKnown) return { fate: 'cluster', masqueraded: false };
	return route === 'drop' ? DROPPED : { fate: 'local', masqueraded: false };
}
