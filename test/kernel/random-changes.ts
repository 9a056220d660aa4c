import fc from 'fast-check';
import { type Random, seededRandom } from '../../bench/state/random.ts';
import { arbitraryService } from '../support/arbitrary-cluster.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';
import type { StandIn } from '../support/stand-in-api-server.ts';

// Changes of a cluster one after another, the same ones for the same seed: simple Services by the dozen, of which every
// part changes on its own, and a few of every kind. No address and no port is one that test/kernel/steady-services.ts has.

type Objects = readonly Record<string, unknown>[];

/** A cluster that changes. */
export interface Changing {
	/** Makes one change; it may be of several objects. */
	readonly change: () => void;
	/** the number of a Service that is there, if there is any */
	readonly anyService: () => { readonly name: string; readonly clusterIps: readonly string[] } | null;
}

interface Simple {
	readonly ip: number;
	readonly nodePort: number | null;
	readonly affinity: boolean;
}

interface Slice {
	readonly of: number;
	readonly pods: readonly number[];
	readonly family: 4 | 6;
}

const SERVICES = 150;
const PODS = 100;
/** Numbers of Services of every kind; of a larger one the addresses are none. */
const ODD_NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
const ODD_VARIANTS = 40;

/** Changes of a server's objects, by a seed. */
export function randomChanges(server: Pick<StandIn, 'put' | 'remove'>, seed: number): Changing {
	const random = seededRandom(seed);
	const services = new Map<number, Simple>();
	const slices = new Map<string, Slice>();
	const odd = oddServices(seed);
	const oddThere = new Map<number, Objects>();

	const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
	const below = (most: number) => Math.floor(random() * most);
	const put = (number: number, simple: Simple) => {
		services.set(number, simple);
		server.put(serviceOf(number, simple));
	};
	const putSlice = (name: string, each: Slice) => {
		slices.set(name, each);
		server.put(sliceOf(name, each));
	};
	const removeSlice = (name: string) => {
		slices.delete(name);
		server.remove(slice('any', [], { name }));
	};
	const newSlice = (number: number) => {
		const name = `soak-${number}-${below(1000)}`;
		putSlice(name, { of: number, pods: somePods(random), family: random() < 0.7 ? 4 : 6 });
	};
	const create = () => {
		const number = below(SERVICES);
		const ips = new Set([...services].filter(([other]) => other !== number).map(([, { ip }]) => ip));
		const free = Array.from({ length: SERVICES + 20 }, (_, ip) => ip).filter((ip) => !ips.has(ip));
		const nodePort = random() < 0.3 ? 32000 + number : null;
		put(number, { ip: pick(free) ?? number, nodePort, affinity: random() < 0.2 });
		newSlice(number);
	};
	const remove = () => {
		const number = pick([...services.keys()]);
		if (number === undefined) return;
		services.delete(number);
		const own = [...slices].filter(([, { of }]) => of === number).map(([name]) => name);
		// Sometimes the slices stay, as they do for a while in a real cluster.
		if (random() < 0.8) for (const name of own) removeSlice(name);
		server.remove(service(`soak-${number}`, []));
	};
	/** Two Services change something with each other. */
	const swap = (swapped: (a: Simple, b: Simple) => readonly [Simple, Simple]) => {
		const [a, b] = [pick([...services.keys()]), pick([...services.keys()])];
		const [one, other] = [services.get(a ?? -1), services.get(b ?? -1)];
		if (a === undefined || b === undefined || a === b || one === undefined || other === undefined) return;
		const [newOne, newOther] = swapped(one, other);
		put(a, newOne);
		put(b, newOther);
	};
	const alter = () => {
		const number = pick([...services.keys()]);
		const simple = services.get(number ?? -1);
		if (number === undefined || simple === undefined) return;
		put(number, random() < 0.6 ? { ...simple, affinity: !simple.affinity } : { ...simple, nodePort: null });
	};
	const onSlice = (work: (name: string, each: Slice) => void) => {
		const found = pick([...slices]);
		if (found !== undefined) work(...found);
	};
	const split = () =>
		onSlice((name, each) => {
			const half = Math.ceil(each.pods.length / 2);
			putSlice(`${name.slice(0, 40)}x`, { ...each, pods: each.pods.slice(half) });
			putSlice(name, { ...each, pods: each.pods.slice(0, half) });
		});
	const replaceOdd = () => {
		const number = pick(ODD_NUMBERS) ?? 1;
		const now = random() < 0.2 ? [] : (pick(odd.get(number) ?? []) ?? []);
		const stays = new Set(now.map(identity));
		server.remove(...(oddThere.get(number) ?? []).filter((object) => !stays.has(identity(object))));
		server.put(...now);
		oddThere.set(number, now);
	};
	const changeNode = () => {
		const drawn = below(3);
		if (drawn === 0) server.remove(node(4));
		else server.put(drawn === 1 ? node(4, 'b') : node(3, pick(['a', 'b', 'c']) ?? 'b'));
	};
	const kinds: readonly (readonly [weight: number, change: () => void])[] = [
		[12, create],
		[9, remove],
		[
			8,
			() =>
				swap((a, b) => [
					{ ...a, ip: b.ip },
					{ ...b, ip: a.ip },
				]),
		],
		[
			8,
			() =>
				swap((a, b) => [
					{ ...a, nodePort: b.nodePort },
					{ ...b, nodePort: a.nodePort },
				]),
		],
		[8, alter],
		[34, () => onSlice((name, each) => putSlice(name, { ...each, pods: somePods(random) }))],
		[5, () => onSlice((name) => removeSlice(name))],
		[5, split],
		[4, () => onSlice((name, each) => putSlice(name, { ...each, of: below(SERVICES) }))],
		[6, replaceOdd],
		[0.3, changeNode],
	];
	const total = kinds.reduce((sum, [weight]) => sum + weight, 0);
	return {
		change: () => {
			let drawn = random() * total;
			for (const [weight, change] of kinds) {
				drawn -= weight;
				if (drawn < 0) return change();
			}
		},
		anyService: () => {
			const number = pick([...services.keys()]);
			const simple = services.get(number ?? -1);
			return simple === undefined ? null : { name: `soak-${number}`, clusterIps: clusterIpsOf(simple) };
		},
	};
}

function identity({ kind, metadata }: Readonly<Record<string, unknown>>): string {
	return `${kind} ${Object(metadata).name}`;
}

/** Drawn beforehand: of fast-check's values each takes a while. */
function oddServices(seed: number): ReadonlyMap<number, readonly Objects[]> {
	return new Map(
		ODD_NUMBERS.map((number) => [number, fc.sample(arbitraryService(number), { seed, numRuns: ODD_VARIANTS })]),
	);
}

function somePods(random: Random): readonly number[] {
	const count = Math.floor(random() ** 2 * 12);
	return Array.from({ length: count }, () => Math.floor(random() * PODS));
}

function clusterIpsOf({ ip }: Simple): readonly string[] {
	return [`10.96.1.${ip}`, `fd00:10:96::${(0x1000 + ip).toString(16)}`];
}

function serviceOf(number: number, simple: Simple): Record<string, unknown> {
	const { nodePort, affinity } = simple;
	const port = { name: 'http', protocol: 'TCP', port: 80, targetPort: 8080 };
	const spec = {
		type: nodePort === null ? 'ClusterIP' : 'NodePort',
		sessionAffinity: affinity ? 'ClientIP' : 'None',
		ports: [nodePort === null ? port : { ...port, nodePort }],
	};
	return service(`soak-${number}`, clusterIpsOf(simple), { spec });
}

function sliceOf(name: string, { of, pods, family }: Slice): Record<string, unknown> {
	const endpoints = [...new Set(pods)].map((pod) => {
		const on = 1 + (pod % 3);
		const address = family === 4 ? `10.244.${on}.${100 + (pod % 90)}` : `fd00:10:244:${on}::${100 + pod}`;
		return endpoint({ address, node: `n${on}`, ready: pod % 11 !== 0 });
	});
	return slice(`soak-${of}`, endpoints, { name, addressType: family === 4 ? 'IPv4' : 'IPv6' });
}
