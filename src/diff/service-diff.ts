import { isDeepStrictEqual } from 'node:util';
import type { Behaviour } from '../model/behaviour.ts';
import type { Treatment } from '../model/change-set.ts';
import { type Service, servicePortName } from '../model/cluster-state.ts';
import type { PortProgram } from '../model/program.ts';
import type { Client, ClientClasses } from './clients.ts';
import { type Target, targetsOf } from './frontends.ts';
import { type Pair, pairUp, type ServicePair } from './pairs.ts';
import type { SitePair } from './sites.ts';
import { serviceAt } from './treatment.ts';

/** A connection that a node treats differently after the change. */
export interface ChangedFlow {
	readonly client: Client;
	readonly target: Target;
	readonly before: Treatment;
	readonly after: Treatment;
}

/** What changes of a Service on a node. */
export interface ServiceDiff {
	/** flow classes there are */
	readonly total: number;
	readonly flows: readonly ChangedFlow[];
	/** those that differ */
	readonly programs: readonly Pair<PortProgram>[];
}

/** Compares a Service on a node: each kind of client at each address, before and after. */
export function diffService(
	pair: ServicePair,
	site: SitePair,
	classes: ClientClasses,
	behaviour: Behaviour,
): ServiceDiff {
	const clients = classes.all(pair, site);
	const targets = targetsOf(pair, site);
	const total = clients.length * targets.length;
	if (pair.same && site.same) return { total, flows: [], programs: [] };
	const before = serviceAt(site.before, pair.before, behaviour, clients, 0);
	const after = serviceAt(site.after, pair.after, behaviour, clients, 1);
	const programs = pairUp(before.programs, after.programs, ({ owner }) => servicePortName(owner)).filter(
		(each) => !isDeepStrictEqual(each.before, each.after),
	);
	if (programs.length === 0 && site.same && affinityOf(pair.before) === affinityOf(pair.after)) {
		return { total, flows: [], programs };
	}
	const flows = targets.flatMap((target) =>
		clients.flatMap((client) => {
			const flow = { client, target, before: before.treat(client, target), after: after.treat(client, target) };
			return isDeepStrictEqual(flow.before, flow.after) ? [] : [flow];
		}),
	);
	return { total, flows, programs };
}

function affinityOf(service: Service | null): number | null {
	return service?.affinitySeconds ?? null;
}
