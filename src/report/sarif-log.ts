import type { FindingSeverity } from '../model/change-set.ts';
import { sortedBy } from '../model/order.ts';
import { elided, plain } from './escape.ts';
import { repositoryPath } from './places.ts';

/** SARIF's words for severities. */
export const SARIF_LEVELS: Readonly<Record<FindingSeverity, 'error' | 'warning' | 'note'>> = {
	error: 'error',
	warn: 'warning',
	info: 'note',
};

/** Results as a log of SARIF 2.1.0, with the fields that GitHub's code scanning reads. @param results each with its rule's id */
export function sarifLog<Result extends { readonly ruleId: string }>(
	results: readonly Result[],
	toolVersion: string,
): string {
	const ids = sortedBy(new Set(results.map(({ ruleId }) => ruleId)), (id) => id);
	const document = {
		$schema: 'https://json.schemastore.org/sarif-2.1.0.json',
		version: '2.1.0',
		runs: [
			{
				tool: { driver: { name: 'nft-gen', semanticVersion: toolVersion, rules: ids.map(ruleJson) } },
				results: results.map(({ ruleId, ...others }) => ({ ruleId, ruleIndex: ids.indexOf(ruleId), ...others })),
			},
		],
	};
	return `${JSON.stringify(document, null, 2)}\n`;
}

function ruleJson(id: string) {
	return { id, shortDescription: { text: id.replaceAll('-', ' ') } };
}

const MOST_MESSAGE = 1000;

/** A message. Brackets would make links. */
export function sarifMessage(text: string) {
	return { text: plain(elided(text, MOST_MESSAGE)).replace(/[[\]\\]/g, '\\$&') };
}

/** The file that most repositories have: GitHub shows no result without a place. */
const NO_PLACE = 'README.md';

/** Where a result is shown. @param file null where nobody knows it */
export function sarifLocation(
	file: string | null,
	place: { readonly line: number; readonly column: number } | undefined,
) {
	const uri = file === null ? null : repositoryPath(file);
	const known = uri === null ? undefined : place;
	return {
		physicalLocation: {
			artifactLocation: { uri: uri ?? NO_PLACE, uriBaseId: '%SRCROOT%' },
			region: { startLine: known?.line ?? 1, startColumn: known?.column ?? 1 },
		},
	};
}
