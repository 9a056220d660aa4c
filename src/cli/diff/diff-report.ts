import { reason } from '../../host/reason.ts';
import { readText } from '../../host/text-file.ts';
import type { ChangeSet, FailedGate, Places } from '../../model/change-set.ts';
import { shown } from '../../model/names.ts';
import type { Commands } from '../../report/commands.ts';
import { jsonReport } from '../../report/json.ts';
import { GITHUB_BUDGET, markdownReport } from '../../report/markdown.ts';
import { patchReport } from '../../report/patch.ts';
import { sarifReport } from '../../report/sarif.ts';
import { textReport, type View } from '../../report/text.ts';
import { CommandError, EXIT } from '../exit.ts';
import { VERSION } from '../version.ts';

/** How the report is to look. */
export interface ReportRequest {
	readonly format: 'text' | 'markdown' | 'json' | 'patch' | 'sarif';
	readonly views: ReadonlySet<View>;
	readonly full: boolean;
	/** of a Markdown comment */
	readonly key: string;
	readonly linkBase: string | null;
	/** a file with the comment that is replaced */
	readonly sinceComment: string | null;
}

/**
 * The report in the wanted format.
 * @throws CommandError when the comment to be replaced cannot be read
 */
export async function reportText(
	changes: ChangeSet,
	places: Places,
	gates: readonly FailedGate[],
	request: ReportRequest,
	commands: Commands,
	colour: boolean,
): Promise<string> {
	const { format, key, linkBase } = request;
	switch (format) {
		case 'text':
			return textReport(changes, places, gates, { ...request, commands, colour });
		case 'markdown': {
			const previous = await previousComment(request.sinceComment);
			return markdownReport(changes, places, gates, { commands, key, linkBase, previous, budget: GITHUB_BUDGET });
		}
		case 'json':
			return jsonReport(changes, places, gates, VERSION);
		case 'patch':
			return patchReport(changes);
		case 'sarif':
			return sarifReport(changes, places, VERSION);
	}
}

async function previousComment(file: string | null): Promise<string | null> {
	if (file === null) return null;
	return readText(file).catch((cause: unknown) => {
		throw new CommandError(`the comment ${shown(file)} ${reason(cause)}`, EXIT.failed, { cause });
	});
}
