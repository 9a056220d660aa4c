import type { Comparison } from '../diff/comparison.ts';
import type { Finding, FindingSeverity, FlowChange } from '../model/change-set.ts';
import type { ClusterState } from '../model/cluster-state.ts';
import type { Document } from '../model/document.ts';
import { sortedBy } from '../model/order.ts';
import type { Problem } from '../model/problem.ts';
import type { NetworkSettings } from '../model/settings.ts';
import { type Symbols, spoken } from '../model/symbols.ts';
import { affinityOf } from './affinity.ts';
import { type FindingId, ruleOf } from './catalogue.ts';
import { causeFinder } from './causes.ts';
import { clientAddressOf } from './client-address.ts';
import { conflictsOf } from './conflicts.ts';
import { type Draft, draft, objectText, portObject, serviceObject } from './draft.ts';
import { endpointsOf, staleFlowsOf } from './endpoints.ts';
import { evidenceOf, type PortEvidence, plainestFirst, type ServiceEvidence } from './evidence.ts';
import { exposureOf, sourceRangesOf } from './exposure.ts';
import { fingerprintOf } from './fingerprint.ts';
import { guardOf } from './guard.ts';
import { healthPortsOf } from './health-ports.ts';
import { inputObjects } from './input-objects.ts';
import { lossOf } from './loss.ts';
import { nodeChanges, quietChanges } from './quiet.ts';
import { outOfScope, type Scope } from './scope.ts';
import { missingTargetPort, selectorHint } from './selection.ts';
import { addressesOf, comingAndGoing, portsOfService } from './services.ts';
import { senders, sharesChange } from './shares.ts';
import { spokenFinding } from './spoken.ts';
import { targetPortsOf } from './target-ports.ts';
import { topologyOf } from './topology.ts';
import { treatedAfter, treatedBefore } from './words.ts';

/** One side of a comparison, as far as it says what changes and why. */
export interface ComparedSide {
	/** with hints, as rules are made of it */
	readonly state: ClusterState;
	/** of the intake */
	readonly problems: readonly Problem[];
	/** what the intake read */
	readonly documents: readonly Document[];
}

/** What is asked of findings. */
export interface FindingOptions {
	/** levels that differ from those of the ids */
	readonly severities: ReadonlyMap<FindingId, FindingSeverity>;
	/** what is meant to change; empty where everything may */
	readonly onlyAffects: readonly Scope[];
	/** null for no guard */
	readonly maxRemovedPercent: number | null;
}

export interface FindingsInput {
	readonly comparison: Comparison;
	readonly base: ComparedSide;
	readonly head: ComparedSide;
	readonly network: NetworkSettings;
	readonly symbols: Symbols;
	readonly options: FindingOptions;
}

/**
 * Says of a comparison what it means: one finding for each kind of change of a service port. Every flow that changes is in
 * one at least. Errors come first, then warnings; within these by object and id.
 */
export function findings(input: FindingsInput): readonly Finding[] {
	const [base, head] = [inputObjects(input.base.documents), inputObjects(input.head.documents)];
	const evidence = evidenceOf(input.comparison, input.base.state, input.head.state);
	const { behaviour } = input.network;
	const isMissing = { base: missingTargetPort(base, behaviour), head: missingTargetPort(head, behaviour) };
	const sides = [senders(input.base.state, input.network), senders(input.head.state, input.network)] as const;
	const ofPort = (port: PortEvidence, service: ServiceEvidence) => [
		...exposureOf(port, service),
		...lossOf(port),
		...targetPortsOf(port, isMissing),
		...clientAddressOf(port),
		...affinityOf(port),
		...endpointsOf(port),
		...topologyOf(port),
		...sharesChange(port, ...sides),
		...staleFlowsOf(port),
	];
	const loud = [
		...evidence.flatMap((service) =>
			withRest(service, [...ofService(service), ...service.ports.flatMap((port) => ofPort(port, service))]),
		),
		...conflictsOf(input.base.problems, input.head.problems),
		...healthPortsOf(base, head),
	];
	const named = new Set(loud.map(({ object: { namespace, name } }) => `${namespace}/${name}`));
	const all = [...loud, ...quietChanges(input.comparison, named), ...nodeChanges(input.comparison)];
	const { onlyAffects, maxRemovedPercent, severities } = input.options;
	const judged = [
		...all,
		...outOfScope(all, onlyAffects),
		...guardOf(all, input.base.state.services.length, maxRemovedPercent),
	];
	const causesOf = causeFinder(base, head);
	const finished = judged.map((each): Finding => {
		const hint =
			each.id === 'service-blackholed' ? selectorHint(objectText({ ...each.object, port: null }), head) : null;
		return finish({ ...each, hint: each.hint ?? hint }, causesOf(each), severities, input.symbols);
	});
	return sortedBy(finished, ({ severity, object, id }) => `${RANKS[severity]} ${objectText(object)} ${id}`);
}

const RANKS: Readonly<Record<FindingSeverity, number>> = { error: 0, warn: 1, info: 2 };

function ofService(service: ServiceEvidence): readonly Draft[] {
	return [...comingAndGoing(service), ...portsOfService(service), ...addressesOf(service), ...sourceRangesOf(service)];
}

/** Adds what no finding explains, so that nothing is silent. */
function withRest(service: ServiceEvidence, drafts: readonly Draft[]): readonly Draft[] {
	const explained = new Set(drafts.flatMap(({ flows }) => flows));
	const isLeft = (flow: FlowChange) => !explained.has(flow);
	const ofPorts = service.ports.map(({ id, flows }) => ({ object: portObject(id), flows: flows.filter(isLeft) }));
	const known = new Set(service.ports.flatMap(({ flows }) => flows));
	const others = service.flows.filter((flow) => isLeft(flow) && !known.has(flow));
	const rest = [...ofPorts, { object: serviceObject(service), flows: others }].filter(({ flows }) => flows.length > 0);
	return [...drafts, ...rest.map(({ object, flows }) => unexplained(object, flows))];
}

function unexplained(object: Draft['object'], flows: readonly FlowChange[]): Draft {
	const kinds = [...new Set(flows.map(({ frontend }) => frontend.kind))].sort().join(', ');
	return draft({
		id: 'behaviour-changed',
		object,
		sentence: 'clients are treated differently',
		before: treatedBefore(flows),
		after: treatedAfter(flows),
		identity: { before: kinds, after: kinds },
		flows,
	});
}

function finish(
	{ id, object, sentence, before, after, identity, nodes, flows, hint }: Draft,
	causes: Finding['causes'],
	severities: FindingOptions['severities'],
	symbols: Symbols,
): Finding {
	const rule = ruleOf(id);
	const said = { before: spoken(identity.before, symbols), after: spoken(identity.after, symbols) };
	const finding: Finding = {
		id,
		severity: severities.get(id) ?? rule.severity,
		fingerprint: fingerprintOf({ id, object, identity: said }),
		object,
		sentence,
		before,
		after,
		nodes,
		flows: plainestFirst(flows),
		causes,
		hint: hint ?? rule.hint,
		waiver: null,
	};
	return symbols.addresses.size + symbols.nodePorts.size === 0 ? finding : spokenFinding(finding, symbols);
}
