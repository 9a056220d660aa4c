import type { Cause, ChangeSet, Finding, Places } from '../model/change-set.ts';
import { sortedBy } from '../model/order.ts';
import { elided, plain } from './escape.ts';
import { causePath, repositoryPath } from './places.ts';
import { objectText } from './words.ts';

/**
 * Findings as SARIF 2.1.0, with the fields that GitHub's code scanning reads, which shows them beside the lines that cause them.
 * A waived one is a note that is suppressed.
 */
export function sarifReport({ findings }: ChangeSet, places: Places, toolVersion: string): string {
	const ids = sortedBy(new Set(findings.map(({ id }) => id)), (id) => id);
	const document = {
		$schema: 'https://json.schemastore.org/sarif-2.1.0.json',
		version: '2.1.0',
		runs: [
			{
				tool: { driver: { name: 'nft-gen', semanticVersion: toolVersion, rules: ids.map(ruleJson) } },
				results: findings.map((finding) => resultJson(finding, ids.indexOf(finding.id), places)),
			},
		],
	};
	return `${JSON.stringify(document, null, 2)}\n`;
}

function ruleJson(id: string) {
	const text = plain(id);
	return { id: text, shortDescription: { text: text.replaceAll('-', ' ') } };
}

const LEVELS = { error: 'error', warn: 'warning', info: 'note' } as const;

function resultJson(finding: Finding, ruleIndex: number, places: Places) {
	const { id, severity, fingerprint, waiver, causes } = finding;
	const justification = waiver === null ? null : plain(`${waiver.reason} (until ${waiver.until})`);
	return {
		ruleId: plain(id),
		ruleIndex,
		level: waiver === null ? LEVELS[severity] : LEVELS.info,
		message: { text: messageText(finding) },
		locations: [locationJson(causes[0], places)],
		partialFingerprints: { 'nftgen/v1': fingerprint },
		...(justification === null ? {} : { suppressions: [{ kind: 'external', justification }] }),
	};
}

const MOST_MESSAGE = 1000;

/** Brackets would make links. */
function messageText(finding: Finding): string {
	const { object, sentence, causes, hint } = finding;
	const cause = causes[0] === undefined ? '' : ` Cause: ${causePath(causes[0], finding)}.`;
	const text = `${objectText(object)}: ${sentence}.${cause}${hint === null ? '' : ` ${hint}`}`;
	return plain(elided(text, MOST_MESSAGE)).replace(/[[\]\\]/g, '\\$&');
}

/** The file that most repositories have: GitHub shows no result without a place. */
const NO_PLACE = 'README.md';

function locationJson(cause: Cause | undefined, places: Places) {
	const origin = cause?.head ?? cause?.base ?? null;
	const uri = origin === null ? null : repositoryPath(origin.file);
	const place = origin === null || uri === null ? undefined : places.get(origin);
	return {
		physicalLocation: {
			artifactLocation: { uri: uri ?? NO_PLACE, uriBaseId: '%SRCROOT%' },
			region: { startLine: place?.line ?? 1, startColumn: place?.column ?? 1 },
		},
	};
}
