import type { Load } from '../../explain/load.ts';
import type { LoadWarning } from '../../explain/load-warnings.ts';
import type { BeforeAfter } from '../../explain/shares.ts';
import { percent, shortFraction } from '../../explain/words.ts';
import { familyName } from '../../model/ip.ts';
import type { Fraction } from '../../trace/fraction.ts';
import { columns, indented } from '../text.ts';
import { whereText } from '../where.ts';

/** Loads as lines for people: what endpoints and zones get, before and after, and what is wrong with that. */
export function loadLines(loads: readonly Load[]): readonly string[] {
	if (loads.length === 0) return ['there is no ClusterIP to send to'];
	return ['before: every ready endpoint alike; after: as hints and policies have it'].concat(
		loads.flatMap((load) => ['', familyName(load.family), ...indented(familyLines(load))]),
	);
}

function familyLines(load: Load): readonly string[] {
	const { fair, endpoints, zones, dropped, refused, warnings } = load;
	const rows = [
		...endpoints.map(({ endpoint, zone, ...shares }) => [
			endpoint.target,
			whereText(endpoint, zone),
			...sharesText(shares),
			fair === null ? '' : timesFair(shares.after, fair),
		]),
		...lost('dropped', dropped),
		...lost('refused', refused),
	];
	const zoneRows = zones.map(({ zone, nodes, sends, ...shares }) => [
		zone ?? 'no zone',
		`${nodes} node${nodes === 1 ? '' : 's'}`,
		...shareText(sends),
		...sharesText(shares),
	]);
	return [
		...columns([['endpoint', '', 'before', '', 'after', '', 'fair shares'], ...rows]),
		'',
		...columns([['zone', '', 'sends', '', 'before', '', 'after', ''], ...zoneRows]),
		...warnings.flatMap(warningLines),
	];
}

function lost(fate: string, shares: BeforeAfter): readonly (readonly string[])[] {
	return shares.before.of + shares.after.of === 0n ? [] : [[fate, '', ...sharesText(shares), '']];
}

function sharesText({ before, after }: BeforeAfter): readonly string[] {
	return [...shareText(before), ...shareText(after)];
}

function shareText(share: Fraction): readonly string[] {
	return [shortFraction(share), percent(share)];
}

/** How many fair shares a share is: `1.5 ×`. */
function timesFair(share: Fraction, fair: Fraction): string {
	const tenths = (share.of * fair.in * 20n + share.in * fair.of) / (share.in * fair.of * 2n);
	return `${tenths / 10n}.${tenths % 10n} ×`;
}

function warningLines({ sentence, remedies }: LoadWarning): readonly string[] {
	return ['', `warning: ${sentence}`, ...remedies.map((remedy) => `  - ${remedy}`)];
}
