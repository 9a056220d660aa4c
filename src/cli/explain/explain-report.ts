import type { Answer, PortAnswer } from '../../explain/answer.ts';
import type { Cohort, Member } from '../../explain/cohorts.ts';
import type { Choice } from '../../explain/endpoints.ts';
import type { FamilyExplanation, LocatedEndpoint } from '../../explain/explain.ts';
import type { Client, Frontend, Treatment } from '../../explain/frontends.ts';
import type { Policy } from '../../explain/policies.ts';
import { listed } from '../../explain/words.ts';
import { type ServicePort, servicePortName } from '../../model/cluster-state.ts';
import { familyName } from '../../model/ip.ts';
import { plain } from '../../report/escape.ts';
import { NEWEST_RELEASE, releaseName } from '../../versions/behaviour.ts';
import { columns, indented } from '../text.ts';
import { whereText } from '../where.ts';
import { loadLines } from './load-report.ts';

/** Answers as text for people: policies, addresses, and each endpoint with why it is used or not. */
export function explainText({ service, question, ports }: Answer, release: string): string {
	const as = release === releaseName(NEWEST_RELEASE) ? '' : `, as Kubernetes ${release} does`;
	const notes = service.hintsComputed ? [COMPUTED] : [];
	const parts = ports.flatMap((port) => [
		...port.cohorts
			.slice(0, MOST_COHORTS)
			.map((cohort) => [
				`${portTitle(port.port)} on ${membersText(cohort.nodes)}${as}`,
				...indented([...notes, ...cohortLines(cohort, !question.allNodes)]),
			]),
		...otherCohorts(port),
		...loadParts(port, question.weights, as, notes),
	]);
	return parts.map((lines) => `${lines.map(plain).join('\n')}\n`).join('\n');
}

const COMPUTED =
	'note: hints are computed, as the EndpointSlice controller would write them, and not read from the slices';

/** Where nearly every node has an answer of its own, the first few show how; programs get all. */
const MOST_COHORTS = 12;

function otherCohorts({ port, cohorts }: PortAnswer): readonly (readonly string[])[] {
	const others = cohorts.slice(MOST_COHORTS);
	if (others.length === 0) return [];
	const nodes = others.reduce((sum, cohort) => sum + cohort.nodes.length, 0);
	const what = `${others.length} more answers of ${nodes} nodes`;
	return [[`${portTitle(port)}: ${what}; --node NAME shows one, --format json all`]];
}

/** What a port is called, with its number: `shop/web:http (80/tcp)`. */
function portTitle({ id, port, protocol }: ServicePort): string {
	return `${servicePortName(id)} (${port}/${protocol})`;
}

function loadParts(
	{ port, loads }: PortAnswer,
	weights: ReadonlyMap<string, number>,
	as: string,
	notes: readonly string[],
): readonly (readonly string[])[] {
	if (loads === null) return [];
	const sent = [...weights].map(([node, weight]) => `${node} sends ${weight}`);
	const how = sent.length === 0 ? 'every node sends the same' : `${sent.join(', ')}, and every other node 1`;
	return [[`${portTitle(port)}, load if ${how}${as}`, ...indented([...notes, ...loadLines(loads)])]];
}

function membersText(nodes: readonly Member[]): string {
	const zones = [...new Set(nodes.flatMap(({ zone }) => (zone === null ? [] : [zone])))];
	const where = zones.length === 0 ? '' : ` in zone${zones.length === 1 ? '' : 's'} ${listed(zones)}`;
	const [only, ...others] = nodes;
	if (only !== undefined && others.length === 0) return `node ${only.name}${where}`;
	return `${nodes.length} nodes${where}: ${nodes.map(({ name }) => name).join(', ')}`;
}

/** Policies that families agree on are said once. */
function cohortLines({ families }: Cohort, whole: boolean): readonly string[] {
	const isShared = (policy: Policy) =>
		families.every(({ policies }) => policies.some((each) => sameText(each, policy)));
	const shared = families[0]?.policies.filter(isShared) ?? [];
	return [
		...policyLines(shared),
		...families.flatMap((family) => {
			const own = policyLines(family.policies.filter((policy) => !isShared(policy)));
			return [
				'',
				familyName(family.family),
				...indented([
					...own,
					...(own.length === 0 ? [] : ['']),
					...frontendLines(family.frontends),
					...choiceLines('cluster', family, whole),
					...choiceLines('local', family, whole),
				]),
			];
		}),
	];
}

function sameText(a: Policy, b: Policy): boolean {
	return JSON.stringify(a) === JSON.stringify(b);
}

function policyLines(policies: readonly Policy[]): readonly string[] {
	const rows = policies.map(({ policy, value, force, beatenBy, sentence }) => [
		policy,
		value,
		beatenBy === null ? force : `${force} by ${beatenBy}`,
		sentence,
	]);
	return rows.length === 0 ? [] : ['policies', ...indented(columns(rows))];
}

function frontendLines(frontends: readonly Frontend[]): readonly string[] {
	const rows = frontends.flatMap(({ kind, where, sources, treatments }) => {
		const own = [...(sources === null ? [] : [sourcesRow(sources)]), ...treatments.map(treatmentRow)];
		return own.map((row, index) => (index === 0 ? [kind, where, ...row] : ['', '', ...row]));
	});
	return ['addresses', ...indented(columns(rows))];
}

function sourcesRow(sources: readonly string[]): readonly string[] {
	return sources.length === 0 ? ['nobody', 'no range can be read'] : ['only from', listed(sources)];
}

const CLIENTS: Readonly<Record<Client, string>> = { pods: 'pods', node: 'the node', outside: 'outside' };

function treatmentRow({ clients, fate, masqueraded }: Treatment): readonly string[] {
	const who = clients.length === 3 ? 'everybody' : clients.map((client) => CLIENTS[client]).join(', ');
	if (fate === 'refused') return [who, 'refused: no endpoint can serve'];
	if (fate === 'dropped') return [who, 'dropped: no endpoint on this node can serve'];
	return [who, `${fate} endpoints, ${masqueraded ? 'masqueraded' : "client's address kept"}`];
}

/** In a report on many nodes, more endpoints that are left out are counted only. */
const MOST_LEFT_OUT = 8;

function choiceLines(choice: Choice, { endpoints }: FamilyExplanation, whole: boolean): readonly string[] {
	const rows = (kept: boolean) => endpoints.flatMap((each) => endpointRow(each, choice, kept));
	const kept = rows(true);
	const leftOut = rows(false);
	if (kept.length + leftOut.length === 0) {
		return choice === 'cluster' && endpoints.length === 0 ? ['', 'no EndpointSlice names an endpoint'] : [];
	}
	const shown = whole ? leftOut : leftOut.slice(0, MOST_LEFT_OUT);
	const others = leftOut.length - shown.length;
	return [
		'',
		`${choice} endpoints`,
		...indented(columns([...kept, ...shown])),
		...(others === 0 ? [] : [`  and ${others} more left out; --node NAME or --format json shows them`]),
	];
}

function endpointRow(located: LocatedEndpoint, choice: Choice, kept: boolean): readonly (readonly string[])[] {
	const verdict = located.verdicts[choice];
	if (verdict === null || verdict.kept !== kept) return [];
	const { endpoint, zone } = located;
	return [[kept ? 'kept' : 'left out', endpoint.target, whereText(endpoint, zone), verdict.sentence]];
}
