import { reason } from '../host/reason.ts';
import { readTemplates } from '../host/templates.ts';
import { TemplateError } from '../render/template-error.ts';
import { type Show, showBy, showKeeping, type Templates } from '../render/templates.ts';
import { builtInTemplates } from './built-in-templates.ts';
import { CommandError, EXIT } from './exit.ts';

/**
 * The built-in templates, or a folder's over them: file by file, and of words word by word.
 * @param keeping whether texts are kept, for many rulesets
 * @throws CommandError when the folder cannot be used
 */
export async function loadTemplates(folder: string | null, keeping = false): Promise<Show> {
	const show = keeping ? showKeeping : showBy;
	const builtIn = await builtInTemplates();
	return show(folder === null ? builtIn : new Map([...builtIn, ...(await ownTemplates(folder, builtIn))]));
}

async function ownTemplates(folder: string, builtIn: Templates): Promise<Templates> {
	const sources = await readTemplates(folder).catch((cause: unknown) => {
		throw new CommandError(`the folder of templates ${folder} ${reason(cause)}`, EXIT.failed, { cause });
	});
	if (sources.size === 0) {
		const files = new Set([...builtIn.values()].map(({ file }) => `${file}.hbs`));
		throw new CommandError(`the folder of templates ${folder} has none of ${[...files].join(', ')} in it`);
	}
	// Loaded here only: the built-in templates are compiled already.
	const { compileTemplates } = await import('../render/compile-templates.ts');
	return withTemplatesNamed(folder, () => compileTemplates(sources));
}

/** Does work with templates. @throws CommandError when one fails, with where it is */
export function withTemplatesNamed<T>(folder: string | null, work: () => T): T {
	try {
		return work();
	} catch (cause) {
		if (!(cause instanceof TemplateError)) throw cause;
		const whose = folder === null ? '' : ` (your templates are in ${folder})`;
		throw new CommandError(`${cause.message}${whose}`, EXIT.failed, { cause });
	}
}
