import type { IpFamily } from '../model/ip.ts';
import { compareBytes } from '../model/order.ts';
import type { HealthWhere } from './local-ready.ts';
import { textAt } from './raw.ts';
import { type HealthCheck, healthChecks } from './service-health.ts';

/** Where Services and their slices can be looked up as they are now, by `NAMESPACE/NAME`. */
export interface ServiceObjects {
	readonly service: (name: string) => unknown;
	readonly slicesOf: (service: string) => readonly unknown[];
}

/** An object that came, changed or left (null). */
export interface Change {
	readonly kind: string;
	readonly name: string;
	readonly value: unknown;
}

/** The health checks of all Services, kept up to date. */
export interface HealthChecks {
	/** Takes changes in, after the objects have. */
	readonly update: (changes: readonly Change[]) => void;
	/** Sorted bytewise by namespace and name. */
	readonly wanted: (family: IpFamily) => readonly HealthCheck[];
}

/** Follows the health checks of a cluster; what is no LoadBalancer with the policy Local costs a look at its type. */
export function newHealthChecks(objects: ServiceObjects, where: HealthWhere): HealthChecks {
	const checks = new Map<string, readonly HealthCheck[]>();
	/** The Services with health checks that slices belong to: one that left says nothing of its Service. */
	const owners = new Map<string, string>();

	const read = (name: string) => {
		const service = objects.service(name);
		const slices = service === undefined ? [] : objects.slicesOf(name);
		const found = healthChecks(service, slices, where);
		for (const slice of slices) {
			const key = `${textAt(slice, 'metadata', 'namespace')}/${textAt(slice, 'metadata', 'name')}`;
			if (found.length > 0) owners.set(key, name);
			else owners.delete(key);
		}
		if (found.length > 0) checks.set(name, found);
		else checks.delete(name);
	};

	const touched = ({ kind, name, value }: Change): readonly string[] => {
		if (kind === 'Service') return [name];
		if (kind !== 'EndpointSlice') return [];
		const label = textAt(value, 'metadata', 'labels', 'kubernetes.io/service-name');
		const service = `${name.split('/')[0]}/${label}`;
		const before = owners.get(name);
		owners.delete(name);
		return [...(before === undefined ? [] : [before]), ...(checks.has(service) ? [service] : [])];
	};

	return {
		update: (changes) => {
			for (const name of new Set(changes.flatMap(touched))) read(name);
		},
		wanted: (family) =>
			[...checks.keys()]
				.sort(compareBytes)
				.flatMap((name) => (checks.get(name) ?? []).filter((check) => check.family === family)),
	};
}
