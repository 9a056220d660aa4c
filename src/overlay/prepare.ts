import { labelOf } from '../intake/kube-object.ts';
import type { EndpointSources } from '../model/change-set.ts';
import type { Document } from '../model/document.ts';
import type { Symbols } from '../model/symbols.ts';
import { type Allocator, allocated } from './allocated.ts';
import { capturedPart } from './captured-part.ts';
import { endpointSources } from './endpoint-sources.ts';
import { type ClusterFamilies, clusterFamilies } from './families.ts';
import { gapsOf } from './gaps.ts';
import { type Objects, objectsOf, ofKind } from './objects.ts';
import { withSymbols } from './symbol-values.ts';
import { withServices } from './with-services.ts';
import { podsOn } from './workload-pods.ts';
import { workloadsOf } from './workloads.ts';

/** Both sides of a comparison as they would be in the cluster. */
export interface Prepared {
	/** for intake; an object of the manifests is in the same file, document and place as before */
	readonly base: readonly Document[];
	readonly head: readonly Document[];
	readonly symbols: Symbols;
	/** of the head's service ports */
	readonly sources: EndpointSources;
	/** what keeps the answer from being complete, one sentence each */
	readonly gaps: readonly string[];
}

/** One side's manifests, and what is in them. */
interface Manifests {
	readonly documents: readonly Document[];
	readonly objects: Objects;
}

/**
 * Lays each side's manifests over what was captured of the cluster. An object of the manifests takes the captured one's place and
 * keeps what the API server assigned; one that only the base has is gone from the head; all others are on both sides.
 * Where nothing is assigned yet there is a symbol. Slices of Services that choose or hint otherwise than captured are left out, or
 * their hints are, for intake and `hints: missing` to compute them; so are those of Services whose Pods a changed Deployment,
 * StatefulSet or DaemonSet makes others. Where no Pods are known, those of the workloads are symbols.
 * @param capture null where no cluster was named
 */
export function prepare(
	base: readonly Document[],
	head: readonly Document[],
	capture: readonly Document[] | null,
): Prepared {
	const captured = objectsOf(capture ?? []);
	const [before, after] = [manifestsOf(base), manifestsOf(head)];
	const inputs = [captured, before.objects, after.objects];
	const families = clusterFamilies(inputs);
	const nodes = placesOf(inputs);
	// Manifests that hold Pods themselves say what there is.
	const podsGiven = [before, after].some(({ objects }) => ofKind(objects, 'Pod').size > 0);
	const [old, now] = [workloadsOf(podsGiven ? [] : base), workloadsOf(podsGiven ? [] : head)];
	const make = (allocator: Allocator) => {
		const making = { families, allocator, nodes };
		return {
			base: stored(before, captured, families, allocator),
			head: stored(after, captured, families, allocator),
			pods: { before: podsOn(captured, old, old, making), after: podsOn(captured, old, now, making) },
		};
	};
	const values = [base, head, capture ?? []].flatMap((documents) => documents.map(({ value }) => value));
	const { made, symbols } = withSymbols(make, values);
	const parts = {
		before: capturedPart(captured, before.objects, null, made.pods.before),
		after: capturedPart(captured, after.objects, before.objects, made.pods.after),
	};
	const hasCapture = capture !== null;
	const counted = endpointSources({ manifests: after.objects, captured: parts.after.objects, hasCapture });
	return {
		base: [...parts.before.documents, ...made.base],
		head: [...parts.after.documents, ...made.head],
		symbols,
		sources: counted.sources,
		gaps: gapsOf({
			unknown: counted.unknown,
			notRecomputed: [...parts.before.notRecomputed, ...parts.after.notRecomputed],
			placed: nodes.length > 1 ? made.pods.after.added.length : 0,
			hasCapture,
		}),
	};
}

/** Names of the nodes that Pods are put on, sorted: all but control planes, where there are others. */
function placesOf(inputs: readonly Objects[]): readonly string[] {
	const nodes = inputs.flatMap((objects) => [...ofKind(objects, 'Node').values()]);
	const workers = nodes.filter((node) => labelOf(node, 'node-role.kubernetes.io/control-plane') === undefined);
	return [...new Set((workers.length > 0 ? workers : nodes).map(({ name }) => name))].sort();
}

function manifestsOf(documents: readonly Document[]): Manifests {
	return { documents, objects: objectsOf(documents) };
}

/** One side's manifests as the API server would store them. */
function stored(
	{ documents, objects }: Manifests,
	captured: Objects,
	families: ClusterFamilies,
	allocator: Allocator,
): readonly Document[] {
	const before = ofKind(captured, 'Service');
	return withServices(documents, ofKind(objects, 'Service'), (service) =>
		allocated(service, before.get(service.title) ?? null, families, allocator),
	);
}
