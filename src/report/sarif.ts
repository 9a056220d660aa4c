import type { Cause, ChangeSet, Finding, Places } from '../model/change-set.ts';
import { plain } from './escape.ts';
import { causePath } from './places.ts';
import { SARIF_LEVELS, sarifLocation, sarifLog, sarifMessage } from './sarif-log.ts';
import { objectText } from './words.ts';

/**
 * Findings as SARIF 2.1.0, with the fields that GitHub's code scanning reads, which shows them beside the lines that cause them.
 * A waived one is a note that is suppressed.
 */
export function sarifReport({ findings }: ChangeSet, places: Places, toolVersion: string): string {
	return sarifLog(
		findings.map((finding) => resultJson(finding, places)),
		toolVersion,
	);
}

function resultJson(finding: Finding, places: Places) {
	const { id, severity, fingerprint, waiver, causes } = finding;
	const justification = waiver === null ? null : plain(`${waiver.reason} (until ${waiver.until})`);
	return {
		ruleId: plain(id),
		level: SARIF_LEVELS[waiver === null ? severity : 'info'],
		message: sarifMessage(messageText(finding)),
		locations: [locationJson(causes[0], places)],
		partialFingerprints: { 'nftgen/v1': fingerprint },
		...(justification === null ? {} : { suppressions: [{ kind: 'external', justification }] }),
	};
}

function messageText(finding: Finding): string {
	const { object, sentence, causes, hint } = finding;
	const cause = causes[0] === undefined ? '' : ` Cause: ${causePath(causes[0], finding)}.`;
	return `${objectText(object)}: ${sentence}.${cause}${hint === null ? '' : ` ${hint}`}`;
}

function locationJson(cause: Cause | undefined, places: Places) {
	const origin = cause?.head ?? cause?.base ?? null;
	return sarifLocation(origin?.file ?? null, origin === null ? undefined : places.get(origin));
}
