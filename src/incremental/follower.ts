import { withHints } from '../hints/with-hints.ts';
import { claims } from '../intake/claims.ts';
import { sortDocuments } from '../intake/documents.ts';
import { readServices, settle } from '../intake/services.ts';
import { type Service, servicePortName } from '../model/cluster-state.ts';
import type { IpFamily } from '../model/ip.ts';
import type { ServicePortView } from '../model/node-view.ts';
import { sortedBy } from '../model/order.ts';
import type { Problem } from '../model/problem.ts';
import type { PortProgram, TableProgram } from '../model/program.ts';
import type { Settings } from '../model/settings.ts';
import { servicePortViews } from '../view/node-view.ts';
import { newObjects, type ObjectChange, type Objects } from './objects.ts';
import { newRelations, tiesOf } from './relations.ts';
import { type FamilySurroundings, NO_SURROUNDINGS, readSurroundings, type Surroundings } from './surroundings.ts';

/** What changes did to one table. */
export interface TableUpdate {
	readonly family: IpFamily;
	readonly frame: TableProgram['frame'];
	/** by name, the service ports that were compiled anew; null for one that left */
	readonly ports: ReadonlyMap<string, PortProgram | null>;
	/** how the node treats them */
	readonly views: ReadonlyMap<string, ServicePortView | null>;
}

/** What changes did. */
export interface Update {
	/** one for each family; none while the node is unknown */
	readonly tables: readonly TableUpdate[];
	/** by name, the Services that were compiled anew, as they are now; null for one that left */
	readonly services: ReadonlyMap<string, Service | null>;
}

/** The node's rules, kept up to date with a cluster that changes. */
export interface Follower {
	/** Takes changes in and compiles what they touch. */
	readonly update: (changes: readonly ObjectChange[]) => Update;
	readonly objects: Pick<Objects, 'service' | 'slicesOf' | 'all'>;
	/** the node's own, as far as it is known */
	readonly primaryIp: (family: IpFamily) => string | null;
	/** how many endpoints all Services' ports have, of all families */
	readonly endpoints: () => number;
	/** What is wrong with the objects as they are now. */
	readonly problems: () => readonly Problem[];
}

/** What is read of a Service is not kept: its endpoints would be in memory twice, and few are asked for again. */
interface Known {
	/** every Service by name, with the number of its ports' endpoints of all families */
	readonly endpoints: Map<string, number>;
	readonly programs: Map<IpFamily, Map<string, readonly PortProgram[]>>;
	readonly problems: Problems;
	surroundings: Surroundings;
}

/** By the name of the Service: of its own objects, and of what it has to do with others. */
interface Problems {
	readonly reading: Map<string, readonly Problem[]>;
	readonly settling: Map<string, readonly Problem[]>;
}

/**
 * Follows a cluster for one node. It compiles as `compileNode` does, with the same functions in the same order, but only
 * what changed and what has to do with it; a test holds that both give the same.
 */
export function newFollower(settings: Settings): Follower {
	const objects = newObjects();
	const relations = newRelations();
	const known: Known = {
		endpoints: new Map(),
		programs: new Map(),
		problems: { reading: new Map(), settling: new Map() },
		surroundings: NO_SURROUNDINGS,
	};

	const read = (name: string, found: Problem[]): Service | null => {
		const values = [objects.service(name) ?? [], ...objects.slicesOf(name)].flat();
		return readService(values, known.surroundings, settings, found);
	};

	const takeIn = (name: string): Service | null => {
		const found: Problem[] = [];
		const service = read(name, found);
		setOrDelete(known.endpoints, name, service === null ? null : countEndpoints(service));
		setOrDelete(known.problems.reading, name, found.length === 0 ? null : found);
		relations.set(name, service === null ? null : tiesOf(service, (port) => claims(port).map(([claim]) => claim)));
		return service;
	};

	const update: Follower['update'] = (changes) => {
		const touched = objects.fold(changes);
		const before = known.surroundings;
		if (touched.surroundings || before === NO_SURROUNDINGS) {
			known.surroundings = readSurroundings(objects.all('Node'), objects.all('ServiceCIDR'), settings, before);
		}
		const neighbours = relations.closure(touched.services);
		const fresh = new Map([...touched.services].map((name) => [name, takeIn(name)]));
		const names = isSame(before, known.surroundings, settings)
			? relations.closure(neighbours)
			: new Set([...neighbours, ...known.endpoints.keys(), ...compiled(known)]);
		// What is wrong with those that did not change is known.
		const serviceOf = (name: string) => (fresh.has(name) ? fresh.get(name) : read(name, [])) ?? null;
		return compileServices(names, serviceOf, known, settings);
	};

	const problems = () => [
		...known.surroundings.problems,
		...[...known.problems.reading.values(), ...known.problems.settling.values()].flat(),
	];
	const primaryIp = (family: IpFamily) =>
		known.surroundings.families.find((each) => each.family === family)?.here.primaryIp ?? null;
	const endpoints = () => [...known.endpoints.values()].reduce((sum, count) => sum + count, 0);
	return { update, objects, primaryIp, endpoints, problems };
}

/** The Services that have programs; one may have left while the node was unknown. */
function compiled({ programs }: Known): readonly string[] {
	return [...programs.values()].flatMap((ofFamily) => [...ofFamily.keys()]);
}

/** Whether Services compile to what they did. Hints that are computed here depend on every Node. */
function isSame(before: Surroundings, now: Surroundings, { hints }: Settings): boolean {
	if (before === now) return true;
	if (hints !== 'as-is' || before.families.length !== now.families.length) return false;
	return now.families.every((family, index) => family === before.families[index]);
}

function readService(
	values: readonly unknown[],
	{ state }: Surroundings,
	{ behaviour }: Settings,
	problems: Problem[],
): Service | null {
	const report = (problem: Problem) => problems.push(problem);
	const documents = values.map((value, index) => ({ file: 'cluster', index, value }));
	return readServices(sortDocuments(documents, report).objects, state.nodes, behaviour, report)[0] ?? null;
}

/**
 * Compiles some Services, among which are all that have to do with one of them.
 * @param serviceOf a Service as its objects say, not yet settled with others
 */
function compileServices(
	names: ReadonlySet<string>,
	serviceOf: (name: string) => Service | null,
	known: Known,
	settings: Settings,
): Update {
	const { surroundings, problems } = known;
	const services = sortedBy(
		[...names].flatMap((name) => serviceOf(name) ?? []),
		serviceName,
	);
	const found: Problem[] = [];
	const settled = settle(services, (problem) => found.push(problem));
	const hinted = withHints({ ...surroundings.state, services: settled }, settings.hints, settings.behaviour);
	found.push(...hinted.problems);
	for (const name of names) {
		const own = found.filter(({ object }) => object === `Service ${name}`);
		setOrDelete(problems.settling, name, own.length === 0 ? null : own);
	}
	const byName = new Map(hinted.state.services.map((service) => [serviceName(service), service]));
	return {
		tables: surroundings.families.map((family) => compileFamily(family, names, byName, known, settings)),
		services: new Map([...names].map((name) => [name, byName.get(name) ?? null])),
	};
}

function compileFamily(
	{ family, here, compiler }: FamilySurroundings,
	names: ReadonlySet<string>,
	services: ReadonlyMap<string, Service>,
	known: Known,
	{ behaviour }: Settings,
): TableUpdate {
	const programs = known.programs.get(family) ?? new Map<string, readonly PortProgram[]>();
	known.programs.set(family, programs);
	const ports = new Map<string, PortProgram | null>();
	const byName = new Map<string, ServicePortView | null>();
	for (const name of names) {
		const service = services.get(name);
		const views = service === undefined ? [] : servicePortViews(service, here, behaviour);
		const now = views.map(compiler.compilePort);
		for (const { owner } of programs.get(name) ?? []) {
			ports.set(servicePortName(owner), null);
			byName.set(servicePortName(owner), null);
		}
		for (const program of now) ports.set(servicePortName(program.owner), program);
		for (const view of views) byName.set(servicePortName(view.id), view);
		setOrDelete(programs, name, now.length === 0 ? null : now);
	}
	return { family, frame: compiler.frame, ports, views: byName };
}

function countEndpoints({ ports }: Service): number {
	return ports.reduce((sum, { endpoints }) => sum + endpoints.ip.length + endpoints.ip6.length, 0);
}

function serviceName({ namespace, name }: Service): string {
	return `${namespace}/${name}`;
}

function setOrDelete<K, V>(map: Map<K, V>, key: K, value: V | null): void {
	if (value === null) map.delete(key);
	else map.set(key, value);
}
