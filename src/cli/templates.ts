import { reason } from '../host/reason.ts';
import { builtInTemplates, readTemplates } from '../host/templates.ts';
import { compileKeepingTemplates, compileTemplates, type Show, TemplateError } from '../render/templates.ts';
import { CommandError, EXIT } from './exit.ts';

/**
 * The built-in templates, or a folder's over them.
 * @param keeping whether texts are kept, for many rulesets
 * @throws CommandError when the folder cannot be used
 */
export async function loadTemplates(folder: string | null, keeping = false): Promise<Show> {
	const compile = keeping ? compileKeepingTemplates : compileTemplates;
	const builtIn = await readTemplates(builtInTemplates());
	if (folder === null) return compile(builtIn);
	const own = await readTemplates(folder).catch((cause: unknown) => {
		throw new CommandError(`the folder of templates ${folder} ${reason(cause)}`, EXIT.failed, { cause });
	});
	if (own.size === 0) {
		const names = [...builtIn.keys()].map((name) => `${name}.hbs`).join(', ');
		throw new CommandError(`the folder of templates ${folder} has none of ${names} in it`);
	}
	return withTemplatesNamed(folder, () => compile(builtIn, own));
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
