import type { Allowed, ClientClass } from '../model/change-set.ts';
import type { Service } from '../model/cluster-state.ts';
import { type Cidr, cidrText } from '../model/ip.ts';
import type { PodDetection } from '../model/node-view.ts';
import type { Packet } from '../model/packet.ts';
import { allowedSources } from '../view/service-port-view.ts';
import type { Pair } from './pairs.ts';
import { flagsAt, type Regions, regionsOf, witnesses } from './regions.ts';
import type { Site, SitePair } from './sites.ts';

/** A class of clients, and all that a packet of one of them carries. */
export interface Client extends ClientClass {
	readonly from: Packet['from'];
	/** whether it counts as a pod, before and after */
	readonly pod: readonly [boolean, boolean];
	readonly iifname: string;
}

/** Who may use a Service's load-balancer addresses, before and after; null is everybody. */
export type Ranges = readonly [readonly Cidr[] | null, readonly Cidr[] | null];

// Bits of regions: the lists they are made of.
const POD_BEFORE = 1;
const POD_AFTER = 2;
const ALLOWED_BEFORE = 4;
const ALLOWED_AFTER = 8;

/** Divides clients into classes; remembers what it knows, because most Services divide them alike. */
export class ClientClasses {
	readonly #taken: ReadonlySet<string>;
	readonly #regions = new Map<string, Regions>();
	readonly #common = new Map<Regions, Map<SitePair, readonly Client[]>>();

	/** @param taken addresses that stand for nobody but themselves: of nodes, endpoints and Services */
	constructor(taken: ReadonlySet<string>) {
		this.#taken = taken;
	}

	/** Every client of a Service at a node: in classes, but for the Service's own endpoints there, which each have shares of their own. */
	all(pair: Pair<Service>, site: SitePair): readonly Client[] {
		const ranges = rangesAt(pair, site);
		const local = localAddresses(pair, site).map((address) => this.#localEndpoint(site, ranges, address));
		const common = this.#commonOf(site, ranges);
		return local.length === 0 ? common : [...common, ...local];
	}

	/** Those of every Service that lets everybody in. */
	common(site: SitePair): readonly Client[] {
		return this.#commonOf(site, [null, null]);
	}

	/** Clients that all rules treat alike, on both sides: each packet from anywhere is of one of these, but those of local endpoints. */
	#commonOf(site: SitePair, ranges: Ranges): readonly Client[] {
		const regions = this.#regionsOf(site, ranges);
		const ofRegions = this.#common.get(regions) ?? new Map<SitePair, readonly Client[]>();
		this.#common.set(regions, ofRegions);
		const known = ofRegions.get(site);
		if (known !== undefined) return known;
		const strangers = [...witnesses(regions, this.#taken)].flatMap(([flags, witness]) =>
			strangersLike(site, ranges, flags, witness),
		);
		const made = [...strangers, ...this.#ownClients(site, ranges)];
		ofRegions.set(site, made);
		return made;
	}

	/** The node's own processes, by the addresses it has on both sides. */
	#ownClients(site: SitePair, ranges: Ranges): readonly Client[] {
		const regions = this.#regionsOf(site, ranges);
		const own = site.before.view.addresses.filter((address) => site.after.view.addresses.includes(address));
		const byFlags = new Map(own.map((address) => [flagsAt(regions, address), address]).reverse() as [number, string][]);
		return [...byFlags.entries()]
			.sort(([a], [b]) => a - b)
			.map(([flags, witness]) => ({ ...clientOf('node', ranges, flags, witness), from: 'node', iifname: '' }));
	}

	/** An endpoint of the Service that is on the node. */
	#localEndpoint(site: SitePair, ranges: Ranges, address: string): Client {
		const flags = flagsAt(this.#regionsOf(site, ranges), address);
		const name = interfaceOf(site);
		const pod = name === null ? flags : flags | POD_BEFORE | POD_AFTER;
		return { ...clientOf('endpoint', ranges, pod, address), from: 'network', iifname: name ?? '' };
	}

	/** What tells nodes apart whose own addresses the rules treat differently, as text. */
	ownKey(site: SitePair, ranges: Ranges): string {
		const regions = this.#regionsOf(site, ranges);
		return [site.before, site.after].map(({ view }) => view.addresses.map((each) => flagsAt(regions, each))).join('/');
	}

	#regionsOf(site: SitePair, ranges: Ranges): Regions {
		const { family } = site.after.here;
		const texts = ranges.map((list) => list?.map(cidrText).join() ?? 'all');
		const key = [family, site.before.pods, site.after.pods, ...texts].join('|');
		const known = this.#regions.get(key);
		if (known !== undefined) return known;
		const lists = [
			...[site.before, site.after].map(({ view }) => networksOf(view.pods)),
			...ranges.map((list) => list ?? []),
		];
		const made = regionsOf(family, lists);
		this.#regions.set(key, made);
		return made;
	}
}

/** By an interface, any address can be a pod's. */
function strangersLike(site: SitePair, ranges: Ranges, flags: number, witness: string): readonly Client[] {
	const name = interfaceOf(site);
	const plain = flags & (POD_BEFORE | POD_AFTER) ? 'pod' : 'outside';
	const client: Client = { ...clientOf(plain, ranges, flags, witness), from: 'network', iifname: '' };
	if (name === null) return [client];
	const pod = clientOf('pod', ranges, flags | POD_BEFORE | POD_AFTER, witness);
	return [client, { ...pod, from: 'network', iifname: name }];
}

function clientOf(kind: ClientClass['kind'], [before, after]: Ranges, flags: number, witness: string) {
	const allowed = (list: readonly Cidr[] | null, flag: number): Allowed =>
		list === null ? null : (flags & flag) !== 0;
	return {
		kind,
		allowedBefore: allowed(before, ALLOWED_BEFORE),
		allowedAfter: allowed(after, ALLOWED_AFTER),
		witness,
		pod: [(flags & POD_BEFORE) !== 0, (flags & POD_AFTER) !== 0] as const,
	};
}

function networksOf(pods: PodDetection | null): readonly Cidr[] {
	return pods?.by === 'networks' ? pods.networks : [];
}

/** The interface by which both sides know pods; the settings are the same on both. */
function interfaceOf({ after }: SitePair): string | null {
	return after.view.pods?.by === 'interface' ? after.view.pods.name.replace(/\*$/, '0') : null;
}

/** Who may use a Service's load-balancer addresses at a node; its ports have the same. */
export function rangesAt(pair: Pair<Service>, site: SitePair): Ranges {
	return [allowedAt(pair.before, site.before), allowedAt(pair.after, site.after)];
}

function allowedAt(service: Service | null, { here }: Site): readonly Cidr[] | null {
	const addresses = service?.ports[0]?.addresses[here.family] ?? null;
	return service === null || addresses === null ? null : allowedSources(service, addresses, here);
}

/** A client as reports name it. */
export function classOf({ kind, allowedBefore, allowedAfter, witness }: Client): ClientClass {
	return { kind, allowedBefore, allowedAfter, witness };
}

/** Addresses of a Service's endpoints on a node, before or after, sorted; those that are the node's own count as the node. */
function localAddresses(pair: Pair<Service>, site: SitePair): readonly string[] {
	const { name, after } = site;
	const found = new Set<string>();
	for (const service of [pair.before, pair.after]) {
		for (const { endpoints } of service?.ports ?? []) {
			for (const { node, address } of endpoints[after.here.family]) if (node === name) found.add(address);
		}
	}
	return [...found].filter((address) => !isOwn(site, address)).sort();
}

function isOwn({ before, after }: SitePair, address: string): boolean {
	return before.view.addresses.includes(address) || after.view.addresses.includes(address);
}
