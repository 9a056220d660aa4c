import { builtInFolder, readTemplates } from '../host/templates.ts';
import { compileTemplates } from '../render/compile-templates.ts';
import type { Templates } from '../render/templates.ts';

/** The built-in templates. In place of this file the bundle has the templates themselves, compiled (build.mjs). */
export async function builtInTemplates(): Promise<Templates> {
	return compileTemplates(await readTemplates(builtInFolder()));
}
