import { isMap } from '../model/is-map.ts';
import { isDnsLabel, isDnsSubdomain } from '../model/names.ts';
import type { EndpointInput } from './shapes.ts';

/**
 * Whether an endpoint is what its shape makes of it, as controllers write it: then the shape need not be asked, which for a
 * hundred thousand of them takes a third of all reading. Where it is not, or there are hints, the shape says what it is.
 */
export function isPlainEndpoint(value: unknown): value is EndpointInput {
	if (!isMap(value)) return false;
	const { addresses, conditions, nodeName, targetRef, zone, hints } = value;
	return (
		Array.isArray(addresses) &&
		addresses.every(isText) &&
		(isNothing(conditions) || areConditions(conditions)) &&
		(isNothing(nodeName) || isText(nodeName)) &&
		(isNothing(targetRef) || isPod(targetRef)) &&
		(isNothing(zone) || isText(zone)) &&
		isNothing(hints)
	);
}

function areConditions(value: unknown): boolean {
	if (!isMap(value)) return false;
	const { ready, serving, terminating } = value;
	return isState(ready) && isState(serving) && isState(terminating);
}

function isState(value: unknown): boolean {
	return typeof value === 'boolean' || isNothing(value);
}

function isPod(value: unknown): boolean {
	if (!isMap(value)) return false;
	const { kind, namespace, name } = value;
	return kind === 'Pod' && isText(namespace) && isDnsLabel(namespace) && isText(name) && isDnsSubdomain(name);
}

function isText(value: unknown): value is string {
	return typeof value === 'string';
}

function isNothing(value: unknown): value is null | undefined {
	return value === null || value === undefined;
}
